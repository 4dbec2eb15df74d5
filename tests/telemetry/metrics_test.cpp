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
  Metrics metrics;
  metrics.counter({"requests", "Requests."}, {{"route", "/a"}});
  metrics.counter({"requests", "Requests."}, {{"route", "/b"}});
  metrics.gauge({"followers", "Followers."});
  metrics.histogram({"wait_seconds", "Wait.", "seconds"}, kBounds);
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

TEST_CASE("counters add up, gauges go both ways", "[telemetry]") {
  Metrics metrics;
  auto& counter = metrics.counter({"requests", "Requests."});
  auto& gauge = metrics.gauge({"followers", "Followers."});
  counter.add();
  counter.add(2);
  gauge.add(3);
  gauge.add(-0.5);
  CHECK(prometheus(metrics).find("requests_total 3\n") != std::string::npos);
  CHECK(prometheus(metrics).find("followers 2.5\n") != std::string::npos);
}

TEST_CASE("a histogram's bound belongs to its bucket, and buckets are cumulative", "[telemetry]") {
  Metrics metrics;
  auto& histogram = metrics.histogram({"wait_seconds", "Wait.", "seconds"}, kBounds);
  for (const double value : {0.05, 0.1, 0.100001, 1.0, 7.0}) {
    histogram.observe(value);
  }
  CHECK(prometheus(metrics) ==
        "# TYPE wait_seconds histogram\n"
        "wait_seconds_bucket{le=\"0.1\"} 2\n"
        "wait_seconds_bucket{le=\"1\"} 4\n"
        "wait_seconds_bucket{le=\"+Inf\"} 5\n"
        "wait_seconds_sum 8.250001\n"
        "wait_seconds_count 5\n");
}

TEST_CASE("OpenMetrics has units, exemplars and an end", "[telemetry]") {
  Metrics metrics;
  metrics.counter({"requests", "Requests."}).add();
  auto& histogram =
      metrics.histogram({"wait_seconds", "Wait.", "seconds"}, kBounds, {{"route", "/a"}});
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

TEST_CASE("label values and help texts may hold anything", "[telemetry]") {
  Metrics metrics;
  metrics.gauge({"odd", "a \\ and\na \"line\""}, {{"what", "a \\ and\na \"line\""}});
  CHECK(metrics.exposition(Metrics::Format::prometheus) ==
        "# HELP odd a \\\\ and\\na \"line\"\n"
        "# TYPE odd gauge\n"
        "odd{what=\"a \\\\ and\\na \\\"line\\\"\"} 0\n");
}

TEST_CASE("what is looked up is looked up before each exposition", "[telemetry]") {
  Metrics metrics;
  auto& gauge = metrics.gauge({"looks", "Looks."});
  metrics.before_exposition([&] { gauge.add(1); });
  CHECK(prometheus(metrics).ends_with("looks 1\n"));
  CHECK(prometheus(metrics).ends_with("looks 2\n"));
}

TEST_CASE("nothing is lost where many count at once", "[telemetry]") {
  Metrics metrics;
  auto& counter = metrics.counter({"requests", "Requests."});
  auto& histogram = metrics.histogram({"wait_seconds", "Wait.", "seconds"}, kBounds);
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 10'000;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::uint64_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t n = 0; n < kEach; ++n) {
        counter.add();
        histogram.observe(0.5, "trace", "span");
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(counter.value() == kThreads * kEach);
  CHECK(histogram.snapshot().count == kThreads * kEach);
  CHECK(histogram.snapshot().sum == 0.5 * static_cast<double>(kThreads * kEach));
}

}  // namespace comments::tests
