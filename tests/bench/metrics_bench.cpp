// What counting costs: our instruments beside prometheus-cpp's, whose children are resolved once.
// One thread, then two on the same instrument; nanoseconds of wall time an operation, in turns.
#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "core/telemetry/metrics.h"

namespace {

constexpr int kRounds = 7;
constexpr int kOperations = 2'000'000;
constexpr std::array kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1,
                             0.25,   0.5,   0.75,   1.0,   2.5,  5.0,   7.5,  10.0};

template <class Operation>
double nanoseconds_each(int threads, Operation operation) {
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (int i = 0; i < threads; ++i) {
    others.emplace_back([&] {
      for (int n = 0; n < kOperations; ++n) {
        operation();
      }
    });
  }
  for (auto& other : others) {
    other.join();
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  return took.count() / kOperations;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  comments::Counter our_counter;
  comments::Histogram our_histogram(kBounds);
  prometheus::Registry registry;
  const std::map<std::string, std::string> labels{{"http_route", "/api/comment/list/{content_id}"}};
  auto& counters = prometheus::BuildCounter().Name("requests_total").Register(registry);
  auto& their_counter = counters.Add(labels);
  auto& their_histogram =
      prometheus::BuildHistogram()
          .Name("duration_seconds")
          .Register(registry)
          .Add(labels, prometheus::Histogram::BucketBoundaries(kBounds.begin(), kBounds.end()));

  std::map<std::string, std::vector<double>> results;
  for (int round = 0; round < kRounds; ++round) {
    for (const int threads : {1, 2}) {
      const auto measure = [&](const char* what, auto operation) {
        results[fmt::format("{} thread(s), {}", threads, what)].push_back(
            nanoseconds_each(threads, operation));
      };
      measure("counter,   ours", [&] { our_counter.add(); });
      measure("counter,   prometheus-cpp", [&] { their_counter.Increment(); });
      measure("histogram, ours", [&] { our_histogram.observe(0.00004); });
      measure("histogram, prometheus-cpp", [&] { their_histogram.Observe(0.00004); });
    }
    results["1 thread(s), counter,   prometheus-cpp, looked up by its labels"].push_back(
        nanoseconds_each(1, [&] { counters.Add(labels).Increment(); }));
    results["1 thread(s), a look at the clock"].push_back(
        nanoseconds_each(1, [] { (void)std::chrono::steady_clock::now(); }));
  }
  for (const auto& [what, values] : results) {
    fmt::print("{:>8.1f} ns  {}\n", median(values), what);
  }
}
