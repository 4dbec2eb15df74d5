#include "core/telemetry/log_line.h"

#include <limits>

#include "core/telemetry/trace_context.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

std::string line(LogFormat format, std::string_view message, LogField::Fields fields) {
  return log_line(format, "",
                  {.time = "2026-01-02T03:04:05.678Z",
                   .severity = Severity::warning,
                   .message = message,
                   .fields = fields});
}

std::string traced(LogFormat format, std::string_view project) {
  const auto trace = parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  return log_line(format, project,
                  {.time = "2026-01-02T03:04:05.678Z", .message = "m", .trace = &*trace});
}

}  // namespace

TEST_CASE("a JSON line is one object, as Cloud Logging reads it", "[telemetry]") {
  CHECK(line(LogFormat::json, "request",
             {{"route", "/x"}, {"status", std::int64_t{503}}, {"ms", 1.5}, {"cached", true}}) ==
        R"({"severity":"WARNING","message":"request","time":"2026-01-02T03:04:05.678Z",)"
        R"("route":"/x","status":503,"ms":1.5,"cached":true})");
}

TEST_CASE("a field may have fields of its own", "[telemetry]") {
  CHECK(line(LogFormat::json, "m",
             {{"httpRequest", {{"requestMethod", "GET"}, {"status", std::int64_t{200}}}},
              {"request_id", "r"}}) ==
        R"({"severity":"WARNING","message":"m","time":"2026-01-02T03:04:05.678Z",)"
        R"("httpRequest":{"requestMethod":"GET","status":200},"request_id":"r"})");
}

TEST_CASE("a field that names nothing is left out", "[telemetry]") {
  CHECK(line(LogFormat::json, "m",
             {{"a", {{"b", LogField::Value()}}}, {"c", LogField::Value()}, {"d", "e"}}) ==
        R"({"severity":"WARNING","message":"m","time":"2026-01-02T03:04:05.678Z",)"
        R"("a":{},"d":"e"})");
  CHECK(line(LogFormat::text, "m", {{"c", LogField::Value()}}) == "03:04:05.678 warning m");
}

TEST_CASE("whatever the text, a line stays one line of JSON", "[telemetry]") {
  CHECK(
      line(LogFormat::json, "say \"hi\"\n\x01\xFF", {}) ==
      R"({"severity":"WARNING","message":"say \"hi\"\n\u0001\ufffd","time":"2026-01-02T03:04:05.678Z"})");
}

TEST_CASE("a number that JSON has no word for is null", "[telemetry]") {
  CHECK(line(LogFormat::json, "m", {{"a", std::numeric_limits<double>::quiet_NaN()}}) ==
        R"({"severity":"WARNING","message":"m","time":"2026-01-02T03:04:05.678Z","a":null})");
}

TEST_CASE("a text that is too long for a line is cut, and says so", "[telemetry]") {
  const std::string whole(kMaxLoggedText, 'x');
  CHECK(line(LogFormat::json, whole, {}).find(whole + "\"") != std::string::npos);
  CHECK(line(LogFormat::json, whole + "x", {}).find(whole + "\\u2026\"") != std::string::npos);
}

TEST_CASE("a line names the trace of its request, in the project that has it", "[telemetry]") {
  const std::string begin = R"({"severity":"INFO","message":"m","time":"2026-01-02T03:04:05.678Z",)"
                            R"("logging.googleapis.com/trace":")";
  const std::string end = R"(0af7651916cd43dd8448eb211c80319c",)"
                          R"("logging.googleapis.com/spanId":"b7ad6b7169203331",)"
                          R"("logging.googleapis.com/trace_sampled":true})";
  CHECK(traced(LogFormat::json, "") == begin + end);
  CHECK(traced(LogFormat::json, "my-project") == begin + "projects/my-project/traces/" + end);
}

TEST_CASE("a text line begins with the time of day and has its fields in a row", "[telemetry]") {
  CHECK(line(LogFormat::text, "draining", {{"left", std::int64_t{3}}}) ==
        "03:04:05.678 warning draining  left=3");
  CHECK(line(LogFormat::text, "m", {{"a", {{"b", "c"}}}, {"d", true}}) ==
        "03:04:05.678 warning m  b=\"c\"  d=true");
  CHECK(traced(LogFormat::text, "my-project") ==
        "03:04:05.678 info    m  trace=\"0af7651916cd43dd8448eb211c80319c\"");
}

TEST_CASE("a severity is named by its word", "[telemetry]") {
  CHECK(parse_severity("warning") == Severity::warning);
  CHECK(parse_severity("WARNING") == std::nullopt);
  CHECK(word_of(Severity::debug) == "debug");
}

}  // namespace comments::tests
