#include "core/telemetry/trace_context.h"

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kSpan = "b7ad6b7169203331";
const std::string kGood = "00-" + kTrace + "-" + kSpan + "-01";

}  // namespace

TEST_CASE("a traceparent names trace, span, and whether somebody keeps the trace", "[telemetry]") {
  const auto trace = parse_traceparent(kGood);
  REQUIRE(trace);
  CHECK(trace->trace_id() == kTrace);
  CHECK(trace->span_id() == kSpan);
  CHECK(trace->sampled);
  CHECK(trace_text(*trace) == kGood);
}

TEST_CASE("of a traceparent's flags only the first bit is looked at", "[telemetry]") {
  const auto [flags, sampled] = GENERATE(table<std::string, bool>(
      {{"00", false}, {"01", true}, {"02", false}, {"03", true}, {"fe", false}, {"ff", true}}));
  CAPTURE(flags);
  const auto trace = parse_traceparent("00-" + kTrace + "-" + kSpan + "-" + flags);
  REQUIRE(trace);
  CHECK(trace->sampled == sampled);
}

TEST_CASE("a later version of traceparent may go on behind a hyphen", "[telemetry]") {
  const auto rest = "-" + kTrace + "-" + kSpan + "-01";
  CHECK(parse_traceparent("01" + rest));
  CHECK(parse_traceparent("cc" + rest + "-what the future brings"));
  CHECK(parse_traceparent("fe" + rest + "-"));
  CHECK_FALSE(parse_traceparent("cc" + rest + ".what the future brings"));
  CHECK_FALSE(parse_traceparent("cc" + rest + "0"));
  CHECK_FALSE(parse_traceparent("ff" + rest));
  CHECK_FALSE(parse_traceparent("00" + rest + "-"));
  CHECK_FALSE(parse_traceparent("00" + rest + "-more"));
}

TEST_CASE("what is no traceparent is none", "[telemetry]") {
  const auto text = GENERATE_COPY(values<std::string>({
      "",
      "00",
      "00-" + kTrace,
      "00-" + kTrace + "-" + kSpan,
      "00-" + kTrace + "-" + kSpan + "-1",
      "00-" + kTrace + "-" + kSpan + "-0g",
      "00-" + kTrace + "-" + kSpan + "-0A",
      "0-" + kTrace + "-" + kSpan + "-001",
      "0G-" + kTrace + "-" + kSpan + "-01",
      "A0-" + kTrace + "-" + kSpan + "-01",
      "00-" + std::string(32, '0') + "-" + kSpan + "-01",
      "00-" + kTrace + "-" + std::string(16, '0') + "-01",
      "00-0AF7651916CD43DD8448EB211C80319C-" + kSpan + "-01",
      "00-" + kTrace + "-B7AD6B7169203331-01",
      "00-" + kTrace.substr(1) + "-" + kSpan + "-001",
      "00-" + kTrace.substr(1) + "x-" + kSpan + "-01",
      "00_" + kTrace + "-" + kSpan + "-01",
      "00-" + kTrace + "_" + kSpan + "-01",
      "00-" + kTrace + "-" + kSpan + "_01",
      " " + kGood,
      kGood + " ",
      "\"" + kGood.substr(1),
      std::string(55, '\xFF'),
  }));
  CAPTURE(text);
  CHECK_FALSE(parse_traceparent(text));
}

TEST_CASE("Google's header has a decimal span, which becomes 16 hexadecimal digits",
          "[telemetry]") {
  const auto [span, digits] =
      GENERATE(table<std::string, std::string>({{"13235353014750950193", "b7ad6b7169203331"},
                                                {"1", "0000000000000001"},
                                                {"18446744073709551615", "ffffffffffffffff"}}));
  const auto trace = parse_cloud_trace(kTrace + "/" + span + ";o=1");
  REQUIRE(trace);
  CHECK(trace->trace_id() == kTrace);
  CHECK(trace->span_id() == digits);
  CHECK(trace->sampled);
}

TEST_CASE("Google's header says by its option whether the trace is kept", "[telemetry]") {
  CHECK_FALSE(parse_cloud_trace(kTrace + "/7")->sampled);
  CHECK_FALSE(parse_cloud_trace(kTrace + "/7;o=0")->sampled);
  CHECK(parse_cloud_trace(kTrace + "/7;o=1")->sampled);
  CHECK(parse_cloud_trace(kTrace + "/7;o=3")->sampled);
}

TEST_CASE("what is no trace context of Google's is none", "[telemetry]") {
  const auto text = GENERATE_COPY(values<std::string>({
      "",
      kTrace,
      kTrace + ";o=1",
      kTrace + "/",
      kTrace + "/;o=1",
      kTrace + "/0;o=1",
      kTrace + "/-1;o=1",
      kTrace + "/7x;o=1",
      kTrace + "/18446744073709551616;o=1",
      kTrace + "/7;o=",
      kTrace + "/7;o=yes",
      kTrace + "/7;o=1;o=1",
      kTrace.substr(1) + "/7;o=1",
      std::string(32, '0') + "/7;o=1",
      "0AF7651916CD43DD8448EB211C80319C/7;o=1",
      std::string(32, '\xFF') + "/7;o=1",
  }));
  CAPTURE(text);
  CHECK_FALSE(parse_cloud_trace(text));
}

TEST_CASE("a trace that begins here is sampled, well-formed, and no other's", "[telemetry]") {
  const auto one = TraceContext::make();
  const auto other = TraceContext::make();
  const auto read = parse_traceparent(trace_text(one));
  REQUIRE(read);
  CHECK(read->trace_id() == one.trace_id());
  CHECK(read->sampled);
  CHECK(one.trace_id() != other.trace_id());
  CHECK(one.span_id() != other.span_id());
}

}  // namespace comments::tests
