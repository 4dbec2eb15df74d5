#include "core/telemetry/instruments.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace comments {
namespace {

constexpr double kBillion = 1e9;

}  // namespace

Histogram::Histogram(std::span<const double> bounds) : size_(std::min(bounds.size(), kMaxBounds)) {
  std::copy_n(bounds.begin(), size_, bounds_.begin());
}

std::size_t Histogram::bucket_of(double value) const {
  const auto end = bounds_.begin() + static_cast<std::ptrdiff_t>(size_);
  return static_cast<std::size_t>(std::lower_bound(bounds_.begin(), end, value) - bounds_.begin());
}

void Histogram::observe(double value) {
  auto& shard = shards_[shard_of_this_thread()];
  shard.buckets[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
  shard.sum_billionths.fetch_add(std::llround(value * kBillion), std::memory_order_relaxed);
}

void Histogram::observe(double value, std::string_view trace_id, std::string_view span_id) {
  observe(value);
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock) {
    exemplars_.resize(size_ + 1);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    exemplars_[bucket_of(value)] = {std::string(trace_id), std::string(span_id), value,
                                    std::chrono::duration<double>(now).count()};
  }
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot now{.buckets = std::vector<std::uint64_t>(size_ + 1)};
  std::int64_t sum_billionths = 0;
  for (const auto& shard : shards_) {
    for (std::size_t i = 0; i <= size_; ++i) {
      now.buckets[i] += shard.buckets[i].load(std::memory_order_relaxed);
    }
    sum_billionths += shard.sum_billionths.load(std::memory_order_relaxed);
  }
  // Of the buckets themselves, so that they always agree.
  now.count = std::accumulate(now.buckets.begin(), now.buckets.end(), std::uint64_t{0});
  now.sum = static_cast<double>(sum_billionths) / kBillion;
  const std::lock_guard lock(mutex_);
  now.exemplars = exemplars_;
  now.exemplars.resize(size_ + 1);
  return now;
}

}  // namespace comments
