#include "core/store/memory_store.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "core/comment/random.h"
#include "core/store/idempotency.h"
#include "core/store/page_window.h"

namespace comments {
namespace {

struct Key {
  std::int64_t comment_id = 0;
  Timestamp stored_at;
};

struct Thread {
  std::vector<Comment> comments;  // the comment with id n is at n - 1
  std::unordered_map<std::string, Key> keys;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Clock clock) : clock_(std::move(clock)) {}

  void post(Draft draft, Posted posted) override { posted(append(draft)); }

  Result<Page> list(const ListQuery& query) override {
    const std::shared_lock lock(mutex_);
    const auto found = threads_.find(query.content_id.text());
    Page page{.version = version(0)};
    if (found == threads_.end()) {
      return page;
    }
    const auto& comments = found->second.comments;
    page.total = static_cast<std::int64_t>(comments.size());
    page.version = version(page.total);
    if (query.known == page.version) {
      page.unchanged = true;
      return page;
    }
    const auto window = window_of(query);
    // Ids first..last, at most `limit` of them, from the end that the window names.
    auto first = std::max<std::int64_t>(window.after, 0) + 1;
    auto last = std::min(window.before - 1, page.total);
    if (window.from_end) {
      first = std::max(first, last - query.limit + 1);
    } else if (first <= last) {
      last = std::min(last, first + query.limit - 1);
    }
    if (first <= last) {
      page.comments.assign(comments.begin() + (first - 1), comments.begin() + last);
    }
    if (query.order == Order::descending) {
      std::reverse(page.comments.begin(), page.comments.end());
    }
    return page;
  }

  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    const std::shared_lock lock(mutex_);
    std::vector<std::int64_t> counts;
    for (const auto& content_id : content_ids) {
      const auto found = threads_.find(content_id.text());
      counts.push_back(
          found == threads_.end() ? 0 : static_cast<std::int64_t>(found->second.comments.size()));
    }
    return counts;
  }

  void observe(Observer observer) override {
    const std::unique_lock lock(mutex_);
    observer_ = std::move(observer);
  }

  std::uint64_t id() const override { return id_; }
  StoreHealth health() const override { return {}; }

 private:
  Result<Receipt> append(const Draft& draft) {
    const auto now = clock_();
    const std::unique_lock lock(mutex_);
    auto& thread = threads_[draft.content_id().text()];
    if (!draft.idempotency_key().empty()) {
      const auto found = thread.keys.find(draft.idempotency_key());
      if (found != thread.keys.end()) {
        auto& key = found->second;
        const auto age = age_of_key(key.stored_at, now);
        if (age == KeyAge::from_future) {
          key.stored_at = now;
        }
        if (age != KeyAge::expired) {
          const auto& stored = thread.comments[static_cast<std::size_t>(key.comment_id - 1)];
          if (auto same = check_same_post(draft, stored.email, stored.comment); !same) {
            return same.error();
          }
          return Receipt{stored.id, version_of(thread), true};
        }
      }
    }
    const auto id = static_cast<std::int64_t>(thread.comments.size()) + 1;
    thread.comments.push_back({id, draft.email(), draft.comment(), now});
    if (!draft.idempotency_key().empty()) {
      thread.keys[draft.idempotency_key()] = {id, now};
    }
    if (observer_) {
      observer_({draft.content_id(), version_of(thread), {thread.comments.back()}});
    }
    return Receipt{id, version_of(thread), false};
  }

  Version version(std::int64_t number) const { return {id_, number}; }
  Version version_of(const Thread& thread) const {
    return version(static_cast<std::int64_t>(thread.comments.size()));
  }

  const std::uint64_t id_ = random_number();
  const Clock clock_;
  std::shared_mutex mutex_;  // guards the two below; held while the observer runs
  Observer observer_;
  std::unordered_map<std::string, Thread> threads_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(Clock clock) {
  return std::make_unique<MemoryStore>(std::move(clock));
}

}  // namespace comments
