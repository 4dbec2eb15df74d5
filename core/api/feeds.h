// The feeds of the threads that somebody follows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/api/stream_metrics.h"
#include "core/net/feed.h"
#include "core/store/store.h"
#include "core/wire/view.h"

namespace comments::api {

// A comment as a server-sent event: its id, its full view.
std::string event_text(const ContentId& content_id, const Comment& comment, EmailVisibility emails);

// Safe for concurrent use. `metrics` must outlive it.
class Feeds {
 public:
  Feeds(EmailVisibility emails, StreamMetrics& metrics) : emails_(emails), metrics_(metrics) {}

  // The thread's feed: everything committed from now on is in it, as long as somebody holds it.
  std::shared_ptr<net::Feed> of(const ContentId& content_id);

  // Tells the followers. A thread that nobody follows costs a look. False where the feed has missed
  // what comes before, or there is nothing to tell but that there is something: somebody else's
  // comments. They are to be read and appended.
  bool publish(const Committed& committed);

  // Tells the followers of these: consecutive, in order; what they know already is passed over.
  void append(const ContentId& content_id, std::span<const Comment> comments);

  // The threads that somebody follows, and the id of the last comment that one's followers were
  // told of; nullopt where nobody follows, or none is known.
  std::vector<ContentId> followed();
  std::optional<std::int64_t> last(const ContentId& content_id);

 private:
  std::shared_ptr<net::Feed> find(const ContentId& content_id);

  const EmailVisibility emails_;
  StreamMetrics& metrics_;
  std::mutex mutex_;  // guards the rest
  std::map<ContentId, std::weak_ptr<net::Feed>> feeds_;
  std::size_t sweep_at_ = 64;  // so many entries: forget those that nobody holds
};

}  // namespace comments::api
