// A service that lies: it answers a post with success before the comment is stored. The end-to-end
// tests run their durability check against it, for a check that cannot fail shows nothing.
//
// Usage: early_ack_serve serve --store sqlite:PATH [whatever `comments serve` takes: ignored]
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/store/open_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/serve_store.h"

namespace {

using namespace comments;

// Invents the receipt from what it has promised so far, and stores the draft a moment later.
class EarlyAckStore final : public tests::ForwardingStore {
 public:
  explicit EarlyAckStore(std::shared_ptr<Store> inner) : ForwardingStore(std::move(inner)) {}

  ~EarlyAckStore() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
  }

  void post(Draft draft, Posted posted) override {
    Receipt invented{.version = {id(), 0}};
    {
      const std::lock_guard lock(mutex_);
      auto [promised, is_new] = promised_.try_emplace(draft.content_id(), 0);
      if (is_new) {
        const auto stored = inner().count(std::vector{draft.content_id()});
        promised->second = stored ? stored->front() : 0;
      }
      invented.id = invented.version.number = ++promised->second;
      waiting_.push_back(std::move(draft));
    }
    posted(invented);
    wake_.notify_one();
  }

 private:
  void store_late() {
    for (std::unique_lock lock(mutex_);;) {
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) {
        return;
      }
      auto batch = std::exchange(waiting_, {});
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      for (auto& draft : batch) {
        inner().post(std::move(draft), [](const Result<Receipt>&) {});
      }
      lock.lock();
    }
  }

  std::mutex mutex_;  // guards the three below
  std::map<ContentId, std::int64_t> promised_;
  std::vector<Draft> waiting_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::jthread thread_{[this] { store_late(); }};
};

std::string store_in(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "--store") {
      return words[i + 1];
    }
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  const auto logging = start_logging({.format = LogFormat::json});
  auto inner = open_store({.url = store_in({argv + 1, argv + argc})});
  if (!inner) {
    std::cerr << "early_ack_serve: " << inner.error().message << '\n';
    return 1;
  }
  EarlyAckStore store(*std::move(inner));
  return tests::serve_store(store);
}
