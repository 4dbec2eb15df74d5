// The feeds of the threads that somebody follows.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/net/feed.h"
#include "core/store/store.h"
#include "core/wire/view.h"

namespace comments::api {

// A comment as a server-sent event: its id, its full view.
std::string event_text(const ContentId& content_id, const Comment& comment, EmailVisibility emails);

// Safe for concurrent use.
class Feeds {
 public:
  explicit Feeds(EmailVisibility emails) : emails_(emails) {}

  // The thread's feed: everything committed from now on is in it, as long as somebody holds it.
  std::shared_ptr<net::Feed> of(const ContentId& content_id);

  // Tells the followers. A thread that nobody follows costs a look.
  void publish(const Committed& committed);

 private:
  const EmailVisibility emails_;
  std::mutex mutex_;  // guards the rest
  std::unordered_map<std::string, std::weak_ptr<net::Feed>> feeds_;
  std::size_t sweep_at_ = 64;  // so many entries: forget those that nobody holds
};

}  // namespace comments::api
