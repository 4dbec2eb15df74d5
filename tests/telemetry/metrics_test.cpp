#include "core/telemetry/metrics.h"

#include <thread>

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

constexpr std::array kBounds{0.1, 1.0};

// The exposition without its HELP lines.
std::string shown(const Metrics& metrics, Metrics::Format format) {
  const auto text = metrics.exposition(format);
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    const auto line = text.substr(at, end - at);
    lines += line.starts_with("# HELP") ? "" : line;
    at = end;
  }
  return lines;
}

std::string prometheus(const Metrics& metrics) {
  return shown(metrics, Metrics::Format::prometheus);
}

}  // namespace

TEST_CASE("what is declared is there at 0, before anything has happened", "[telemetry]") {
  const Counter counter;
  const Gauge gauge;
  const Histogram histogram(kBounds);
  Metrics metrics;
  metrics.counter({"requests", "Requests."}, {{"route", "/a"}}, counter);
  metrics.gauge({"followers", "Followers."}, {}, gauge);
  metrics.counter({"requests", "Requests."}, {{"route", "/b"}}, counter);
  metrics.histogram({"wait_seconds", "Wait.", "seconds"}, {}, histogram);
  CHECK(prometheus(metrics) ==
        "# TYPE requests_total counter\n"
        "requests_total{route=\"/a\"} 0\n"
        "requests_total{route=\"/b\"} 0\n"
        "# TYPE followers gauge\n"
        "followers 0\n"
        "# TYPE wait_seconds histogram\n"
        "wait_seconds_bucket{le=\"0.1\"} 0\n"
        "wait_seconds_bucket{le=\"1\"} 0\n"
        "wait_seconds_bucket{le=\"+Inf\"} 0\n"
        "wait_seconds_sum 0\n"
        "wait_seconds_count 0\n");
}

TEST_CASE("OpenMetrics has units, exemplars and an end", "[telemetry]") {
  Counter counter;
  Histogram histogram(kBounds);
  Metrics metrics;
  metrics.counter({"requests", "Requests."}, {}, counter);
  metrics.histogram({"wait_seconds", "Wait.", "seconds"}, {{"route", "/a"}}, histogram);
  counter.add();
  histogram.observe(0.5, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
  const auto text = shown(metrics, Metrics::Format::open_metrics);
  CHECK(
      text.starts_with("# TYPE requests counter\n"
                       "requests_total 1\n"
                       "# TYPE wait_seconds histogram\n"
                       "# UNIT wait_seconds seconds\n"
                       "wait_seconds_bucket{route=\"/a\",le=\"0.1\"} 0\n"
                       "wait_seconds_bucket{route=\"/a\",le=\"1\"} 1 # "
                       "{trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\","
                       "span_id=\"00f067aa0ba902b7\"} 0.5 "));
  CHECK(text.ends_with("wait_seconds_count{route=\"/a\"} 1\n# EOF\n"));
  CHECK(prometheus(metrics).find("trace_id") == std::string::npos);
}

TEST_CASE("OpenMetrics is for who asks for it", "[telemetry]") {
  CHECK(Metrics::format_for("") == Metrics::Format::prometheus);
  CHECK(Metrics::format_for("text/plain;version=0.0.4;q=0.5,*/*;q=0.1") ==
        Metrics::Format::prometheus);
  CHECK(Metrics::format_for("application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1") ==
        Metrics::Format::open_metrics);
}

TEST_CASE("label values and help texts may hold anything", "[telemetry]") {
  Metrics metrics;
  metrics.gauge({"odd", "a \\ and\na \"line\""}, {{"what", "a \\ and\na \"line\""}},
                [] { return 0; });
  CHECK(metrics.exposition(Metrics::Format::prometheus) ==
        "# HELP odd a \\\\ and\\na \"line\"\n"
        "# TYPE odd gauge\n"
        "odd{what=\"a \\\\ and\\na \\\"line\\\"\"} 0\n");
}

TEST_CASE("a reading is taken anew for each exposition", "[telemetry]") {
  Metrics metrics;
  int asked = 0;
  metrics.gauge({"looks", "Looks."}, {}, [&] { return ++asked; });
  CHECK(prometheus(metrics).ends_with("looks 1\n"));
  CHECK(prometheus(metrics).ends_with("looks 2\n"));
}

TEST_CASE("a family is described once, with the names of its labels", "[telemetry]") {
  const Counter counter;
  Metrics metrics;
  metrics.counter({"requests", "Requests."}, {{"route", "/a"}}, counter);
  metrics.counter({"requests", "Requests."}, {{"route", "/b"}}, counter);
  const auto all = metrics.descriptions();
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == "requests_total");
  CHECK(word_of(all[0].type) == "counter");
  CHECK(all[0].labels == std::vector<std::string>{"route"});
}

}  // namespace comments::tests
