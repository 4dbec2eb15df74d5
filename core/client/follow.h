// Following a thread over HTTP: its event stream, and whatever it takes to stay on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/client/url.h"
#include "core/comment/comment.h"
#include "core/comment/result.h"

namespace comments {

struct FollowOptions {
  ServiceUrl url;
  ContentId content_id;
  std::int64_t after = 0;                      // begins with the comment after this one
  std::string traceparent = {};                // sent with every request; "": none
  int attempts = 8;                            // in a row that may find nobody
  std::chrono::milliseconds first_pause{200};  // doubled each time, up to:
  std::chrono::milliseconds longest_pause{10'000};
  // Longer than the pause between two heartbeats: a stream that is silent so long is dead.
  std::chrono::seconds silence{40};
};

// Calls `on_comment` with every comment after `after`, each once and in order, on this thread,
// until that answers false. A stream that ends is begun again where it ended, after a pause; an
// Error is what the service refused, or `unavailable` when it stayed away.
Result<void> follow_comments(FollowOptions options,
                             const std::function<bool(const Comment&)>& on_comment);

}  // namespace comments
