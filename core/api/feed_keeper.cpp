#include "core/api/feed_keeper.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace comments::api {
namespace {

constexpr std::size_t kThreadsAtOnce = 500;

}  // namespace

FeedKeeper::FeedKeeper(Store& store, Feeds& feeds, std::chrono::milliseconds look_every)
    : store_(store), feeds_(feeds), thread_([this, look_every] { run(look_every); }) {}

FeedKeeper::~FeedKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void FeedKeeper::look_at(const ContentId& content_id) {
  {
    const std::lock_guard lock(mutex_);
    to_look_at_.insert(content_id);
  }
  wake_.notify_one();
}

void FeedKeeper::run(std::chrono::milliseconds look_every) {
  auto next_look = std::chrono::steady_clock::now() + look_every;
  for (std::unique_lock lock(mutex_); !stopping_;) {
    wake_.wait_until(lock, next_look, [this] { return stopping_ || !to_look_at_.empty(); });
    const auto threads = std::exchange(to_look_at_, {});
    lock.unlock();
    for (const auto& content_id : threads) {
      catch_up(content_id);
    }
    if (std::chrono::steady_clock::now() >= next_look) {
      look_at_all();
      next_look = std::chrono::steady_clock::now() + look_every;
    }
    lock.lock();
  }
}

void FeedKeeper::look_at_all() {
  const auto followed = feeds_.followed();
  for (std::size_t begin = 0; begin < followed.size(); begin += kThreadsAtOnce) {
    const auto some =
        std::span(followed).subspan(begin, std::min(kThreadsAtOnce, followed.size() - begin));
    const auto counts = store_.count(some);
    if (!counts) {
      return;  // next time
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto last = feeds_.last(some[i]);
      if (last && (*counts)[i] > *last) {
        catch_up(some[i]);
      }
    }
  }
}

void FeedKeeper::catch_up(const ContentId& content_id) {
  for (bool is_more = true; is_more;) {
    const auto last = feeds_.last(content_id);
    if (!last) {
      return;
    }
    const auto page = store_.list({.content_id = content_id, .after = *last});
    if (!page || page->comments.empty()) {
      return;
    }
    feeds_.append(content_id, page->comments);
    is_more = page->comments.size() == kMaxPageLimit;
  }
}

}  // namespace comments::api
