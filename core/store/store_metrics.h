// What a store counts, whichever it is: how long it takes, how much waits, what fails.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/comment/result.h"
#include "core/telemetry/metrics.h"

namespace comments {

// Safe for concurrent use.
class StoreMetrics {
 public:
  enum class Operation { post, list, count };

  StoreMetrics();

  // Shows all of it; `metrics` must not be asked after this object is gone.
  void expose(Metrics& metrics) const;

  void on_commit(std::size_t posts, std::chrono::steady_clock::duration took);
  void on_read(Operation operation, std::chrono::steady_clock::duration took);

  // Counts what is a failure of the store, and not of whoever asked.
  void on_error(Operation operation, ErrorCode code);

  Gauge queue_depth;     // posts that wait to be committed
  Gauge queue_capacity;  // how many may

 private:
  static constexpr std::size_t kOperations = 3;
  static constexpr std::size_t kKinds = 3;

  Histogram commit_duration_;
  Histogram batch_size_;
  Histogram list_duration_;
  Histogram count_duration_;
  std::array<std::array<Counter, kKinds>, kOperations> errors_;
};

}  // namespace comments
