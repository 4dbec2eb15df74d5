// What becomes of posts.
#pragma once

#include <array>

#include "core/comment/result.h"
#include "core/telemetry/metrics.h"

namespace comments::api {

// Safe for concurrent use.
class PostMetrics {
 public:
  void expose(Metrics& metrics) const;

  void refused(ErrorCode code);

  Counter created;
  Counter replayed;  // an idempotency key that was known: answered as the first time

 private:
  static constexpr std::size_t kReasons = 8;
  std::array<Counter, kReasons> refused_;
};

}  // namespace comments::api
