#include "core/net/followers.h"

#include <algorithm>

#include "core/net/feed.h"

namespace comments::net {
namespace {

constexpr std::size_t kShare = 256;  // sends before others have their turn
constexpr int kPausePerWork = 4;
constexpr std::chrono::milliseconds kLongestPause{500};

}  // namespace

Followers::~Followers() {
  for (const auto& [feed, group] : groups_) {
    group.feed->detach(*mailbox_);
  }
}

void Followers::join(Connection& connection) {
  const auto& feed = connection.following()->feed;
  auto& group = groups_[feed.get()];
  if (!group.feed) {
    group.feed = feed;
    feed->attach(mailbox_);
  }
  connection.place_among_followers = group.members.size();
  group.members.push_back(&connection);
}

void Followers::leave(Connection& connection) {
  const auto found = groups_.find(connection.following()->feed.get());
  if (found == groups_.end()) {
    return;
  }
  // The last one takes the place. Rounds go from the back to the front: it has been served.
  auto& members = found->second.members;
  const auto place = connection.place_among_followers;
  members[place] = members.back();
  members[place]->place_among_followers = place;
  members.pop_back();
  if (members.empty()) {
    found->second.feed->detach(*mailbox_);
    groups_.erase(found);
  }
}

void Followers::on_news(const std::shared_ptr<Feed>& feed) {
  feed->news_taken(*mailbox_);
  if (const auto found = groups_.find(feed.get()); found != groups_.end()) {
    found->second.news = true;
  }
}

void Followers::run(const std::function<void(Connection&)>& send,
                    const std::function<TimePoint()>& now) {
  std::vector<std::shared_ptr<Feed>> due;  // a group may vanish with its last member
  for (const auto& [feed, group] : groups_) {
    if (group.left > 0 || (group.news && group.due <= now())) {
      due.push_back(group.feed);
    }
  }
  for (const auto& feed : due) {
    if (const auto found = groups_.find(feed.get()); found != groups_.end()) {
      run_share(found->second, send, now);
    }
  }
}

void Followers::run_share(Group& group, const std::function<void(Connection&)>& send,
                          const std::function<TimePoint()>& now) {
  const auto feed = group.feed;
  const auto begin = now();
  if (group.left == 0) {
    group.news = false;
    group.took = {};
    group.left = group.members.size();
  }
  const auto share = std::min(kShare, group.left);
  for (std::size_t i = 0; i < share; ++i) {
    if (groups_.find(feed.get()) == groups_.end()) {
      return;  // the last one left
    }
    group.left = std::min(group.left, group.members.size());
    if (group.left == 0) {
      break;
    }
    send(*group.members[--group.left]);
  }
  if (groups_.find(feed.get()) == groups_.end()) {
    return;
  }
  const auto end = now();
  group.took += end - begin;
  if (group.left == 0) {
    group.due = end + std::min<std::chrono::nanoseconds>(group.took * kPausePerWork, kLongestPause);
  }
}

std::optional<TimePoint> Followers::next() const {
  std::optional<TimePoint> next;
  for (const auto& [feed, group] : groups_) {
    if (group.left > 0) {
      return TimePoint::min();
    }
    if (group.news) {
      next = std::min(next.value_or(group.due), group.due);
    }
  }
  return next;
}

}  // namespace comments::net
