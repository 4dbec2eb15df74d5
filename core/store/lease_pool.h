// A bounded pool of things that one thread at a time may use, such as database connections.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/comment/result.h"

namespace comments {

// Safe for concurrent use; a Lease is its holder's own. Leases must be gone before the pool is.
template <class T>
class LeasePool {
 public:
  using Open = std::function<Result<std::unique_ptr<T>>()>;

  struct Options {
    std::size_t size = 4;
    std::chrono::milliseconds wait{2'000};
  };

  LeasePool(Options options, Open open) : options_(options), open_(std::move(open)) {}

  class Lease {
   public:
    Lease(LeasePool& pool, std::unique_ptr<T> item) : pool_(&pool), item_(std::move(item)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (item_) {
        pool_->put_back(std::move(item_));
      }
    }

    T* operator->() { return item_.get(); }

    // Closes the item instead of returning it: it is broken, the next lease shall open a new one.
    void discard() { pool_->forget(std::move(item_)); }

   private:
    LeasePool* pool_;
    std::unique_ptr<T> item_;
  };

  // An idle item, or a new one while there are fewer than `size`. Waits up to `wait` for one to
  // come back, then answers overloaded; fails as `open` fails.
  Result<Lease> lease() {
    std::unique_lock lock(mutex_);
    const bool free = returned_.wait_for(
        lock, options_.wait, [this] { return !idle_.empty() || leased_ < options_.size; });
    if (!free) {
      return Error{ErrorCode::overloaded, "the comment store is busy; retry shortly",
                   "no free connection within the deadline"};
    }
    ++leased_;
    if (!idle_.empty()) {
      auto item = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(item));
    }
    lock.unlock();
    auto opened = open_();
    if (!opened) {
      forget(nullptr);
      return opened.error();
    }
    return Lease(*this, std::move(*opened));
  }

  // Closes what nobody uses just now.
  void discard_idle() {
    std::vector<std::unique_ptr<T>> closed;
    const std::lock_guard lock(mutex_);
    closed.swap(idle_);
  }

 private:
  void put_back(std::unique_ptr<T> item) {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(item));
      --leased_;
    }
    returned_.notify_one();
  }

  void forget(std::unique_ptr<T> item) {
    item.reset();
    {
      const std::lock_guard lock(mutex_);
      --leased_;
    }
    returned_.notify_one();
  }

  const Options options_;
  const Open open_;
  std::mutex mutex_;  // guards idle_ and leased_
  std::condition_variable returned_;
  std::vector<std::unique_ptr<T>> idle_;
  std::size_t leased_ = 0;
};

}  // namespace comments
