#include "core/telemetry/log.h"

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

std::string line(LogFormat format, std::string_view message,
                 std::initializer_list<LogField> fields) {
  return log_line(format, "2026-01-02T03:04:05.678Z", Severity::warning, message, fields);
}

}  // namespace

TEST_CASE("a JSON line is one object, as Cloud Logging reads it", "[telemetry]") {
  CHECK(line(LogFormat::json, "request",
             {{"route", "/x"}, {"status", std::int64_t{503}}, {"ms", 1.5}, {"cached", true}}) ==
        R"({"severity":"WARNING","message":"request","time":"2026-01-02T03:04:05.678Z",)"
        R"("route":"/x","status":503,"ms":1.5,"cached":true})");
}

TEST_CASE("whatever the text, a line stays one line of JSON", "[telemetry]") {
  CHECK(
      line(LogFormat::json, "say \"hi\"\n\x01\xFF", {}) ==
      R"({"severity":"WARNING","message":"say \"hi\"\n\u0001\ufffd","time":"2026-01-02T03:04:05.678Z"})");
}

TEST_CASE("a text line begins with the time of day", "[telemetry]") {
  CHECK(line(LogFormat::text, "draining", {{"left", std::int64_t{3}}}) ==
        "03:04:05.678 warning draining  left=3");
}

}  // namespace comments::tests
