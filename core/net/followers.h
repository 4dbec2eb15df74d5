// Who follows which feed on one reactor, and when they are told.
//
// With few followers, an event is sent the moment it comes. The time that one round of sends takes
// is the pause, four times over and half a second at most, until the next: so followers take a
// fifth of the reactor's time however many they are, and a busy feed's events share sends.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/net/connection.h"

namespace comments::net {

// One reactor's own; one thread at a time.
class Followers {
 public:
  // `mailbox` is where feeds tell their news, while they have followers here.
  explicit Followers(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}
  ~Followers();
  Followers(const Followers&) = delete;
  Followers& operator=(const Followers&) = delete;

  void join(Connection& connection);
  void leave(Connection& connection);

  void on_news(const std::shared_ptr<Feed>& feed);

  // Sends what is due, a share of it at most: calls `send` for one follower after the other, which
  // may make it leave. `now` is asked again to see what that took.
  void run(const std::function<void(Connection&)>& send, const std::function<TimePoint()>& now);

  // When run() has something to do; nullopt: nothing until there is news.
  std::optional<TimePoint> next() const;

 private:
  struct Group {
    std::shared_ptr<Feed> feed;
    std::vector<Connection*> members;
    bool news = false;
    std::size_t left = 0;  // members that the present round has not reached
    TimePoint due;         // the next round begins no earlier
    std::chrono::nanoseconds took{};
  };

  void run_share(Group& group, const std::function<void(Connection&)>& send,
                 const std::function<TimePoint()>& now);

  const std::shared_ptr<Mailbox> mailbox_;
  std::unordered_map<const Feed*, Group> groups_;
};

}  // namespace comments::net
