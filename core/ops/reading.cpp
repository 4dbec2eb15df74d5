#include "core/ops/reading.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace comments::ops {
namespace {

bool is_error(const Sample& sample) {
  const auto status = sample.label("http_response_status_code");
  return (status.size() == 3 && status.front() == '5') || status == "_OTHER";
}

bool is_turned_away(const Sample& sample) {
  const auto reason = sample.label("reason");
  return reason == "connections" || reason == "internal";
}

bool is_error_line(const Sample& sample) {
  return sample.label("severity") == "error";
}

bool is_any(const Sample&) {
  return true;
}

bool is_sane(double value) {
  return std::isfinite(value) && value >= 0;
}

class Samples {
 public:
  explicit Samples(std::span<const Sample> samples) : samples_(samples) {}

  // nullopt: there is nothing of that name; what is there may still be none of those wanted.
  template <typename Wanted = bool (*)(const Sample&)>
  std::optional<double> sum(std::string_view name, Wanted wanted = is_any) const {
    std::optional<double> sum;
    for (const auto& sample : samples_) {
      if (sample.name == name && is_sane(sample.value)) {
        sum = sum.value_or(0) + (wanted(sample) ? sample.value : 0);
      }
    }
    return sum && is_sane(*sum) ? sum : std::nullopt;
  }

  Buckets buckets(std::string_view name) const {
    Buckets buckets;
    for (const auto& sample : samples_) {
      const auto bound = sample.name == name ? bound_of(sample) : std::nullopt;
      if (bound && is_sane(sample.value) && !is_error(sample)) {
        buckets[*bound] += sample.value;
      }
    }
    const bool sane = std::all_of(buckets.begin(), buckets.end(),
                                  [](const auto& bucket) { return is_sane(bucket.second); });
    return sane ? buckets : Buckets{};
  }

 private:
  static std::optional<double> bound_of(const Sample& sample) {
    const auto text = sample.label("le");
    if (text == "+Inf") {
      return std::numeric_limits<double>::infinity();
    }
    double bound = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, bound);
    const bool fits = parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(bound);
    return fits ? std::optional(bound) : std::nullopt;
  }

  std::span<const Sample> samples_;
};

}  // namespace

Reading reading_of(std::span<const Sample> samples) {
  const Samples of(samples);
  constexpr auto kRequests = "http_server_request_duration_seconds_count";
  return {
      .started = of.sum("process_start_time_seconds"),
      .counts = {.answered = of.sum(kRequests),
                 .failed = of.sum(kRequests, is_error),
                 .turned_away = of.sum("http_server_rejected_total", is_turned_away),
                 .created = of.sum("comments_created_total"),
                 .cache_hits = of.sum("http_server_cache_hits_total"),
                 .cache_misses = of.sum("http_server_cache_misses_total"),
                 .log_errors = of.sum("log_messages_total", is_error_line),
                 .cpu_seconds = of.sum("process_cpu_seconds_total"),
                 .latency = of.buckets("http_server_request_duration_seconds_bucket"),
                 .commits = of.buckets("comments_store_commit_duration_seconds_bucket")},
      .levels = {.connections = of.sum("http_server_open_connections"),
                 .max_connections = of.sum("http_server_max_connections"),
                 .active_requests = of.sum("http_server_active_requests"),
                 .queue_depth = of.sum("comments_store_queue_depth"),
                 .queue_capacity = of.sum("comments_store_queue_capacity"),
                 .followers = of.sum("comments_stream_followers"),
                 .cache_bytes = of.sum("http_server_cache_bytes"),
                 .max_cache_bytes = of.sum("http_server_cache_max_bytes"),
                 .memory_bytes = of.sum("process_resident_memory_bytes"),
                 .open_files = of.sum("process_open_fds"),
                 .max_files = of.sum("process_max_fds")},
  };
}

}  // namespace comments::ops
