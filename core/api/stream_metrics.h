// Who follows, how long, and what they are told.
#pragma once

#include <memory>

#include "core/telemetry/metrics.h"

namespace comments::api {

// Safe for concurrent use.
class StreamMetrics {
 public:
  StreamMetrics();

  void expose(Metrics& metrics) const;

  // Somebody follows, as long as the result is held; not longer than this object is there.
  std::shared_ptr<const void> follower();

  Counter events;  // comments that were given to a thread's followers, however many those are

 private:
  Gauge followers_;
  Histogram durations_;
};

}  // namespace comments::api
