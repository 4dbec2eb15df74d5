#include "core/telemetry/instruments.h"

#include <thread>

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

constexpr std::array kBounds{0.1, 1.0};

}  // namespace

TEST_CASE("counters add up, gauges go both ways", "[telemetry]") {
  Counter counter;
  Gauge gauge;
  counter.add();
  counter.add(2);
  gauge.add(3);
  gauge.add(-0.5);
  CHECK(counter.value() == 3);
  CHECK(gauge.value() == 2.5);
}

TEST_CASE("a histogram's bound belongs to its bucket", "[telemetry]") {
  Histogram histogram(kBounds);
  for (const double value : {0.05, 0.1, 0.100001, 1.0, 7.0}) {
    histogram.observe(value);
  }
  const auto now = histogram.snapshot();
  CHECK(now.buckets == std::vector<std::uint64_t>{2, 2, 1});
  CHECK(now.count == 5);
  CHECK(now.sum == Approx(8.250001));
}

TEST_CASE("a bucket remembers the last request that was named", "[telemetry]") {
  Histogram histogram(kBounds);
  histogram.observe(0.05);
  histogram.observe(0.5, "first", "span");
  histogram.observe(0.6, "second", "span");
  const auto now = histogram.snapshot();
  CHECK(now.exemplars[0].trace_id.empty());
  CHECK(now.exemplars[1].trace_id == "second");
  CHECK(now.exemplars[1].value == 0.6);
}

TEST_CASE("nothing is lost where many count at once", "[telemetry]") {
  Counter counter;
  Histogram histogram(kBounds);
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
