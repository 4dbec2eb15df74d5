// Comments over HTTP: a service somewhere else, by the same interface as a store.
//
// A Receipt means what the service's own store promises. Every post carries an idempotency key, a
// random one if the draft has none, so that it can be sent again safely. A call that finds nobody,
// or is asked to come back later (429, 502, 503, 504), is tried again with growing pauses; what
// remains of the failure is `unavailable` with the address and what to check. No list has less of a
// thread than this client has already seen of it, whichever instance answers.
// Safe for concurrent use: each call takes a kept-alive connection of its own. post() answers
// before it returns.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/client/url.h"
#include "core/comment/comments.h"

namespace comments {

struct HttpCommentsOptions {
  ServiceUrl url;
  std::string traceparent = {};  // sent with every request; "": none
  int attempts = 5;
  std::chrono::milliseconds first_pause{100};  // doubled each time, up to:
  std::chrono::milliseconds longest_pause{5'000};
  std::chrono::seconds connect_timeout{5};
  std::chrono::seconds io_timeout{30};
};

std::unique_ptr<Comments> make_http_comments(HttpCommentsOptions options);

}  // namespace comments
