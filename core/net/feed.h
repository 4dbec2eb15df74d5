// A feed of numbered events, and how connections follow it (server-sent events; WHATWG HTML,
// section 9.2).
//
// An event is made into bytes once and shared by all followers. A follower is known by the number
// of the last event it has; what it gets next is everything after that, in one send: many events
// may share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/net/http.h"

namespace comments::net {

class Mailbox;

// Safe for concurrent use; owned by whoever publishes and by every connection that follows.
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  // How much is kept for those who are behind. Who is further behind is cut, and comes again with
  // the number of the event it has.
  struct Options {
    std::size_t max_events = 4'096;
    std::size_t max_bytes = std::size_t{1} * 1024 * 1024;
  };

  static std::shared_ptr<Feed> make(Options options);
  static std::shared_ptr<Feed> make() { return make(Options()); }

  // Says, before the first event, what number the one before it has. Afterwards it says nothing.
  void begin(std::int64_t last);

  // The next event. `id` is one more than the last one's; an event at or before it is ignored (it
  // is known), and one that leaves a gap drops what was kept, so that nobody misses what is
  // between.
  void publish(std::int64_t id, std::string_view bytes);

  struct Piece {
    SharedBytes bytes;
    std::int64_t last = 0;  // the number of the last event in it
  };

  // Everything after the event `id`, empty where there is nothing new; nullopt where part of that
  // is no longer kept.
  std::optional<Piece> after(std::int64_t id) const;

  // The number of the last event; nullopt before the first, unless begin() has said it.
  std::optional<std::int64_t> last() const;

  // Tells `mailbox` when there is news, once until news_taken().
  void attach(std::shared_ptr<Mailbox> mailbox);
  void news_taken(const Mailbox& mailbox);
  void detach(const Mailbox& mailbox);

 private:
  struct Event {
    std::int64_t id = 0;
    std::string bytes;
  };
  struct Listener {
    std::shared_ptr<Mailbox> mailbox;
    bool told = false;
  };

  explicit Feed(Options options) : options_(options) {}

  const Options options_;
  mutable std::mutex mutex_;  // guards the rest
  std::deque<Event> events_;  // numbered without a gap
  std::size_t bytes_ = 0;
  std::optional<std::int64_t> last_;
  // The last piece made: most followers are equally far.
  mutable std::int64_t piece_after_ = -1;
  mutable std::optional<Piece> piece_;
  std::vector<Listener> listeners_;
};

}  // namespace comments::net
