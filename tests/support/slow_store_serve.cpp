// A service over a slow disk: every commit takes 20 ms and has room for four comments, so that it
// keeps 200 a second; at most 64 wait, 32 of one thread.
//
// Usage: slow_store_serve serve [whatever `comments serve` takes: ignored]
#include <thread>

#include "core/store/group_commit.h"
#include "core/store/memory_store.h"
#include "tests/support/serve_store.h"

namespace {

using namespace comments;

class SlowWriter final : public BatchWriter {
 public:
  explicit SlowWriter(Store& inner) : inner_(inner) {}

  Batch commit(std::span<const Draft> drafts) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    Batch batch{.answers = {}, .stored_at = system_now()};
    for (const auto& draft : drafts) {
      batch.answers.push_back(post_and_wait(inner_, draft));
    }
    return batch;
  }

  void idle() override {}

 private:
  Store& inner_;
};

class SlowStore final : public Store {
 public:
  void post(Draft draft, Posted posted) override {
    commits_.post(std::move(draft), std::move(posted));
  }
  Result<Page> list(const ListQuery& query) override { return inner_->list(query); }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return inner_->count(content_ids);
  }
  void observe(Observer observer) override { inner_->observe(std::move(observer)); }
  std::uint64_t id() const override { return inner_->id(); }
  StoreHealth health() const override { return inner_->health(); }

 private:
  const std::unique_ptr<Store> inner_ = make_memory_store();
  SlowWriter writer_{*inner_};
  GroupCommit commits_{writer_,
                       {.max_waiting_posts = 64, .max_waiting_in_thread = 32, .max_batch = 4}};
};

}  // namespace

int main() {
  start_logging(Severity::info, LogFormat::json);
  SlowStore store;
  return tests::serve_store(store);
}
