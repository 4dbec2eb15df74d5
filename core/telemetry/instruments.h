// What is counted with: counters, gauges, histograms.
//
// Counting is one or two relaxed atomic additions, on cache lines that few threads share, and needs
// no look-up: whoever counts owns the instrument, and core/telemetry/metrics.h shows it to others.
// Why our own: COMMENTS.md, D25.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comments {

// A part of what is counted: threads take parts in turns, and whoever reads adds them up. On two
// threads that count the same, half the time of one part for both (scripts/bench metrics).
inline constexpr std::size_t kShards = 8;

inline std::size_t shard_of_this_thread() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t shard = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return shard;
}

// Safe for concurrent use.
class Counter {
 public:
  void add(std::uint64_t more = 1) {
    shards_[shard_of_this_thread()].value.fetch_add(more, std::memory_order_relaxed);
  }

  std::uint64_t value() const {
    std::uint64_t sum = 0;
    for (const auto& shard : shards_) {
      sum += shard.value.load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  struct alignas(64) Shard {
    std::atomic<std::uint64_t> value = 0;
  };
  std::array<Shard, kShards> shards_;
};

// Safe for concurrent use.
class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double more) { value_.fetch_add(more, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

// Which request an observation was: 32 and 16 hexadecimal digits (W3C Trace Context).
struct Exemplar {
  std::string trace_id;
  std::string span_id;
  double value = 0;
  double time = 0;  // seconds since 1970
};

// Safe for concurrent use. Values are kept in billionths: nanoseconds of what is in seconds.
class Histogram {
 public:
  static constexpr std::size_t kMaxBounds = 20;

  // `bounds`: upper, inclusive, ascending, at most kMaxBounds of them; +Inf comes by itself.
  explicit Histogram(std::span<const double> bounds);

  void observe(double value);

  // As observe(), and remembers this one for its bucket, unless another thread is just doing so.
  void observe(double value, std::string_view trace_id, std::string_view span_id);

  struct Snapshot {
    std::vector<std::uint64_t> buckets;  // not cumulative; one more than there are bounds
    std::uint64_t count = 0;
    double sum = 0;
    std::vector<Exemplar> exemplars;  // one a bucket; without a trace_id: none
  };
  Snapshot snapshot() const;

  std::span<const double> bounds() const { return {bounds_.data(), size_}; }

 private:
  std::size_t bucket_of(double value) const;

  std::array<double, kMaxBounds> bounds_{};
  std::size_t size_ = 0;

  struct alignas(64) Shard {
    std::array<std::atomic<std::uint64_t>, kMaxBounds + 1> buckets{};
    std::atomic<std::int64_t> sum_billionths = 0;
  };
  std::array<Shard, kShards> shards_;

  mutable std::mutex mutex_;         // guards the next
  std::vector<Exemplar> exemplars_;  // none before the first
};

}  // namespace comments
