// A service over a slow disk: every commit takes 20 ms and has room for four comments, so that it
// keeps 200 a second; at most 64 wait, 32 of one thread.
//
// Usage: slow_store_serve serve [whatever `comments serve` takes: ignored]
#include <thread>

#include "core/store/group_commit.h"
#include "core/store/memory_store.h"
#include "tests/support/forwarding_store.h"
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

class SlowStore final : public tests::ForwardingStore {
 public:
  SlowStore() : ForwardingStore(make_memory_store()) {}

  void post(Draft draft, Posted posted) override {
    commits_.post(std::move(draft), std::move(posted));
  }

 private:
  SlowWriter writer_{inner()};
  GroupCommit commits_{writer_,
                       {.max_waiting_posts = 64, .max_waiting_in_thread = 32, .max_batch = 4}};
};

}  // namespace

int main() {
  const auto logging = start_logging({.format = LogFormat::json});
  SlowStore store;
  return tests::serve_store(store);
}
