// Readings made into figures: how busy a service is, how fast, how well.
//
// Errors and slowness are those of the service's objectives: of all requests, the ones answered by
// 5xx or by what nobody expected, and the ones that were turned away before they reached a route;
// quantiles and slowness are of what did not fail.
#pragma once

#include <optional>

#include "core/ops/reading.h"

namespace comments::ops {

// What the latency objective calls slow: above it, in seconds. One of the histogram's bounds.
inline constexpr double kSlow = 0.1;

// What happened in a span of time. nullopt: unknown, or a share of nothing.
struct Activity {
  double seconds = 0;  // 0: nobody knows how long it took, and there are no rates
  std::optional<double> requests;
  std::optional<double> requests_per_second;
  std::optional<double> error_ratio;  // 0 to 1, like all ratios
  std::optional<double> slow_ratio;
  std::optional<double> p50;  // seconds, like all quantiles
  std::optional<double> p99;
  std::optional<double> cache_hit_ratio;
  std::optional<double> created;
  std::optional<double> created_per_second;
  std::optional<double> commit_p50;
  std::optional<double> commit_p99;
  std::optional<double> log_errors;
  std::optional<double> cpu_cores;  // on average
};

struct Figures {
  std::optional<double> uptime;  // seconds
  Levels levels;
  Activity since_start;
  std::optional<Activity> lately;  // between two readings
};

// How much more `after` has than `before`. A count that is smaller has begun anew: then, as
// Prometheus sees it, all of it is new.
Counts increase(const Counts& before, const Counts& after);

Activity activity(const Counts& happened, double seconds);

struct Earlier {
  Reading reading;
  double seconds = 0;  // before the other one
};

// `time`: of the reading, in seconds since 1970. Where the process was started between the two
// readings, everything it has counted is new.
Figures figures_of(const Reading& reading, double time,
                   const std::optional<Earlier>& earlier = std::nullopt);

}  // namespace comments::ops
