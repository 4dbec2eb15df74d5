// Keeps feeds complete where somebody else writes to the same store: another instance, another
// process. It reads what a feed has missed, when it is told that there is something, and looks by
// itself twice a second at the threads that somebody follows.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "core/api/feeds.h"
#include "core/store/store.h"

namespace comments::api {

// Safe for concurrent use. The store and the feeds must outlive it.
class FeedKeeper {
 public:
  static constexpr std::chrono::milliseconds kLookEvery{500};

  FeedKeeper(Store& store, Feeds& feeds, std::chrono::milliseconds look_every = kLookEvery);
  ~FeedKeeper();
  FeedKeeper(const FeedKeeper&) = delete;
  FeedKeeper& operator=(const FeedKeeper&) = delete;

  // The thread has comments that its feed may have missed. Never waits.
  void look_at(const ContentId& content_id);

 private:
  void run(std::chrono::milliseconds look_every);
  void look_at_all();
  void catch_up(const ContentId& content_id);

  Store& store_;
  Feeds& feeds_;
  std::mutex mutex_;  // guards the two below
  std::set<ContentId> to_look_at_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace comments::api
