#include "core/ops/metrics_text.h"

#include <cmath>

#include <fmt/format.h>

#include "core/telemetry/metrics.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

// The samples of a text, one a line, labels in the order they came.
std::string read(std::string_view text) {
  std::string all;
  for (const auto& sample : parse_metrics(text).samples) {
    all += sample.name;
    for (const auto& [name, value] : sample.labels) {
      all += fmt::format(" {}={}", name, value);
    }
    all += fmt::format(" -> {}\n", sample.value);
  }
  return all;
}

std::size_t refused(std::string_view text) {
  const auto parsed = parse_metrics(text);
  CHECK(parsed.samples.empty());
  return parsed.refused_lines;
}

}  // namespace

TEST_CASE("a sample is a name, perhaps labels, and a value", "[ops]") {
  CHECK(read("up 1\n") == "up -> 1\n");
  CHECK(read("a:b_c9{x=\"1\",y_=\"two words\"} 2.5e1\nd{} -3") ==
        "a:b_c9 x=1 y_=two words -> 25\nd -> -3\n");
  CHECK(read("  a { x = \"1\" , }\t+7\r\n\n") == "a x=1 -> 7\n");
}

TEST_CASE("a label's value may have any character, three of them escaped", "[ops]") {
  const auto parsed = parse_metrics(R"(a{x="\"\\\n,} é {"} 1)");
  REQUIRE(parsed.samples.size() == 1);
  CHECK(parsed.samples[0].label("x") == "\"\\\n,} é {");
  CHECK(parsed.samples[0].label("y").empty());
}

TEST_CASE("a value may be without bound, or no number", "[ops]") {
  const auto parsed = parse_metrics("a +Inf\nb -Inf\nc NaN\nd Inf\n");
  REQUIRE(parsed.samples.size() == 4);
  CHECK(parsed.samples[0].value == INFINITY);
  CHECK(parsed.samples[1].value == -INFINITY);
  CHECK(std::isnan(parsed.samples[2].value));
  CHECK(parsed.samples[3].value == INFINITY);
}

TEST_CASE("comments, times and exemplars are passed over", "[ops]") {
  CHECK(read("# HELP a what it is\n# TYPE a counter\n  # EOF\n"
             "a 1 1712345678000\nb 2 # {trace_id=\"x\"} 0.5 1.5\nc 3 1.5 # {} 1\n") ==
        "a -> 1\nb -> 2\nc -> 3\n");
}

TEST_CASE("a line that is no sample is refused, and the ones around it are read", "[ops]") {
  for (const auto* line :
       {"<html>", "a", "9a 1", "a one", "a 1x", "a +-1", "a 1 noon", "a 1 2 3", "a{x} 1",
        "a{x=1} 1", "a{x=\"1} 1", "a{x=\"1\\", "a{x=\"1\"", "a{x=\"1\" y=\"2\"} 1", "a{,} 1",
        "a{x=\"1\"}", "{x=\"1\"} 1", "\x1b[2J", "a{x=\"\\\"} 1"}) {
    CAPTURE(line);
    CHECK(refused(line) == 1);
  }
  const auto parsed = parse_metrics("a 1\ngarbage\nb 2\n");
  CHECK(parsed.samples.size() == 2);
  CHECK(parsed.refused_lines == 1);
}

TEST_CASE("nothing is nothing", "[ops]") {
  CHECK(refused("") == 0);
  CHECK(refused("\n\r\n \n") == 0);
}

TEST_CASE("what the service exposes is read, in both forms", "[ops]") {
  constexpr double kBounds[] = {0.5, 1};
  Counter counter;
  Histogram histogram(kBounds);
  Metrics metrics;
  metrics.counter({"c", "help"}, {{"x", "\"\\\n"}}, counter);
  metrics.histogram({"h_seconds", "help", "seconds"}, {}, histogram);
  counter.add(3);
  histogram.observe(0.7, "0123456789abcdef0123456789abcdef", "0123456789abcdef");
  for (const auto format : {Metrics::Format::prometheus, Metrics::Format::open_metrics}) {
    const auto text = metrics.exposition(format);
    CAPTURE(text);
    CHECK(parse_metrics(text).refused_lines == 0);
    CHECK(read(text) ==
          "c_total x=\"\\\n -> 3\n"
          "h_seconds_bucket le=0.5 -> 0\nh_seconds_bucket le=1 -> 1\n"
          "h_seconds_bucket le=+Inf -> 1\nh_seconds_sum -> 0.7\n"
          "h_seconds_count -> 1\n");
  }
}

}  // namespace comments::ops
