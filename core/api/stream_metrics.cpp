#include "core/api/stream_metrics.h"

#include <array>
#include <chrono>

namespace comments::api {
namespace {

constexpr std::array kSeconds{1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3'600.0, 14'400.0};

class Following {
 public:
  Following(Gauge& followers, Histogram& durations) : followers_(followers), durations_(durations) {
    followers_.add(1);
  }
  ~Following() {
    followers_.add(-1);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    durations_.observe(took.count());
  }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;

 private:
  Gauge& followers_;
  Histogram& durations_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

StreamMetrics::StreamMetrics() : durations_(kSeconds) {}

void StreamMetrics::expose(Metrics& metrics) const {
  metrics.gauge({"comments_stream_followers", "Connections that follow a thread."}, {}, followers_);
  metrics.counter({"comments_stream_events", "Comments that were given to a thread's followers."},
                  {}, events);
  metrics.histogram(
      {"comments_stream_duration_seconds", "How long a connection followed a thread.", "seconds"},
      {}, durations_);
}

std::shared_ptr<const void> StreamMetrics::follower() {
  return std::make_shared<const Following>(followers_, durations_);
}

}  // namespace comments::api
