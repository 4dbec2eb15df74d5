// What one look at a service's metrics says, as far as anybody is shown it.
#pragma once

#include <optional>
#include <span>

#include "core/ops/metrics_text.h"
#include "core/ops/quantile.h"

namespace comments::ops {

// What only grows while a process lives; nullopt, or empty: the service does not say.
struct Counts {
  std::optional<double> answered;     // requests that reached a route
  std::optional<double> failed;       // of these: answered by 5xx, or by what nobody expected
  std::optional<double> turned_away;  // reached none: too many connections, or a fault of ours
  std::optional<double> created;      // comments
  std::optional<double> cache_hits;
  std::optional<double> cache_misses;
  std::optional<double> log_errors;
  std::optional<double> cpu_seconds;
  Buckets latency;  // seconds; of the requests that did not fail
  Buckets commits;  // seconds; of the store's
};

// What goes up and down; nullopt: the service does not say.
struct Levels {
  std::optional<double> connections;
  std::optional<double> max_connections;
  std::optional<double> active_requests;
  std::optional<double> queue_depth;  // posts that wait to be committed
  std::optional<double> queue_capacity;
  std::optional<double> followers;
  std::optional<double> cache_bytes;
  std::optional<double> max_cache_bytes;
  std::optional<double> memory_bytes;
  std::optional<double> open_files;
  std::optional<double> max_files;
};

struct Reading {
  std::optional<double> started;  // seconds since 1970
  Counts counts;
  Levels levels;
};

// Sums over all series of a name. A value that is infinite, negative or no number is passed over,
// and so is a sum without bound.
Reading reading_of(std::span<const Sample> samples);

}  // namespace comments::ops
