#include "core/api/post_metrics.h"

#include <algorithm>

namespace comments::api {
namespace {

struct Reason {
  ErrorCode code;
  const char* name;
};

constexpr std::array kNames{
    Reason{ErrorCode::bad_request, "bad_request"},
    Reason{ErrorCode::unsupported_media_type, "unsupported_media_type"},
    Reason{ErrorCode::too_large, "too_large"},
    Reason{ErrorCode::idempotency_conflict, "idempotency_conflict"},
    Reason{ErrorCode::rate_limited, "rate_limited"},
    Reason{ErrorCode::overloaded, "overloaded"},
    Reason{ErrorCode::unavailable, "unavailable"},
    Reason{ErrorCode::internal, "internal"},
};

}  // namespace

void PostMetrics::expose(Metrics& metrics) const {
  metrics.counter({"comments_created", "Comments that were stored."}, {}, created);
  metrics.counter({"comments_replayed", "Posts whose idempotency key was known already."}, {},
                  replayed);
  for (std::size_t i = 0; i < kReasons; ++i) {
    metrics.counter({"comments_rejected", "Posts that were refused."},
                    {{"reason", kNames.at(i).name}}, refused_.at(i));
  }
}

// What has no name of its own would be a bug.
void PostMetrics::refused(ErrorCode code) {
  static_assert(kNames.size() == kReasons);
  const auto* found = std::find_if(kNames.begin(), kNames.end() - 1,
                                   [&](const Reason& reason) { return reason.code == code; });
  refused_.at(static_cast<std::size_t>(found - kNames.begin())).add();
}

}  // namespace comments::api
