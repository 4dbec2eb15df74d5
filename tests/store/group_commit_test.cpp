#include "core/store/group_commit.h"

#include <atomic>
#include <future>
#include <latch>

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

// A disk in the test's hand: a commit waits until it is let through.
class GatedWriter final : public BatchWriter {
 public:
  Batch commit(std::span<const Draft> drafts) override {
    {
      std::unique_lock lock(mutex_);
      ++started_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    }
    batches.push_back(drafts.size());
    std::vector<Result<Receipt>> results;
    for (const auto& draft : drafts) {
      if (draft.comment() == "throw") {
        throw std::bad_alloc();
      }
      results.push_back(Receipt{.id = ++last_id_});
    }
    return {std::move(results), {}};
  }

  void idle() override { ++idles; }

  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  void wait_until_started() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return started_ > 0; });
  }

  std::vector<std::size_t> batches;  // after the group commit is gone
  std::atomic<int> idles = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int started_ = 0;
  std::int64_t last_id_ = 0;
};

// Outcomes by the order in which posts were made.
class Outcomes {
 public:
  Comments::Posted next() {
    const std::lock_guard lock(mutex_);
    const auto index = outcomes_.size();
    outcomes_.emplace_back("waiting");
    return [this, index](const Result<Receipt>& receipt) {
      const std::lock_guard inner(mutex_);
      outcomes_[index] =
          receipt ? "id " + std::to_string(receipt->id)
                  : (receipt.error().code == ErrorCode::overloaded ? "overloaded" : "unavailable");
    };
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return outcomes_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> outcomes_;
};

using Batches = std::vector<std::size_t>;

}  // namespace

TEST_CASE("posts that come while one is committed share the next transaction", "[store]") {
  GatedWriter writer;
  Outcomes outcomes;
  {
    GroupCommit commits(writer, {});
    commits.post(draft("1", "alone"), outcomes.next());
    writer.wait_until_started();
    for (int i = 0; i < 5; ++i) {
      commits.post(draft("1", "together"), outcomes.next());
    }
    writer.open();
  }
  CHECK(writer.batches == Batches{1, 5});
  CHECK(outcomes.all() == Texts{"id 1", "id 2", "id 3", "id 4", "id 5", "id 6"});
}

TEST_CASE("what waits and what is committed together is counted", "[store]") {
  GatedWriter writer;
  Outcomes outcomes;
  const GroupCommit::Options options{.max_waiting_posts = 20};
  {
    GroupCommit commits(writer, options);
    commits.post(draft("1", "alone"), outcomes.next());
    writer.wait_until_started();
    for (int i = 0; i < 5; ++i) {
      commits.post(draft("1", "together"), outcomes.next());
    }
    CHECK(options.metrics->queue_depth.value() == 5);
    CHECK(options.metrics->queue_capacity.value() == 20);
    writer.open();
  }
  CHECK(options.metrics->queue_depth.value() == 0);
  Metrics metrics;
  options.metrics->expose(metrics);
  const auto text = metrics.exposition(Metrics::Format::prometheus);
  CHECK(text.find("comments_store_batch_size_sum 6\n") != std::string::npos);
  CHECK(text.find("comments_store_batch_size_count 2\n") != std::string::npos);
  CHECK(text.find("comments_store_commit_duration_seconds_count 2\n") != std::string::npos);
}

TEST_CASE("a batch has a largest size", "[store]") {
  GatedWriter writer;
  Outcomes outcomes;
  {
    GroupCommit commits(writer, {.max_batch = 2});
    commits.post(draft("1", "alone"), outcomes.next());
    writer.wait_until_started();
    for (int i = 0; i < 5; ++i) {
      commits.post(draft("1", "together"), outcomes.next());
    }
    writer.open();
  }
  CHECK(writer.batches == Batches{1, 2, 2, 1});
}

TEST_CASE("beyond the bound, by number or by bytes, a post is refused at once", "[store]") {
  const auto options = GENERATE(GroupCommit::Options{.max_waiting_posts = 2},
                                GroupCommit::Options{.max_waiting_bytes = 2'500});
  GatedWriter writer;
  Outcomes outcomes;
  {
    GroupCommit commits(writer, options);
    commits.post(draft("1", "being written"), outcomes.next());
    writer.wait_until_started();
    for (int i = 0; i < 3; ++i) {
      commits.post(draft("1", std::string(800, 'x')), outcomes.next());
    }
    CHECK(outcomes.all() == Texts{"waiting", "waiting", "waiting", "overloaded"});
    writer.open();
  }
  CHECK(outcomes.all() == Texts{"id 1", "id 2", "id 3", "overloaded"});
}

TEST_CASE("one hot thread leaves room for the others", "[store]") {
  GatedWriter writer;
  Outcomes outcomes;
  {
    GroupCommit commits(writer, {.max_waiting_posts = 5, .max_waiting_in_thread = 3});
    commits.post(draft("hot", "is being committed"), outcomes.next());
    writer.wait_until_started();
    for (int i = 0; i < 5; ++i) {
      commits.post(draft("hot", "waits"), outcomes.next());
    }
    commits.post(draft("other", "waits"), outcomes.next());
    commits.post(draft("third", "waits"), outcomes.next());
    commits.post(draft("fourth", "is one too many"), outcomes.next());
    writer.open();
  }
  CHECK(outcomes.all() == Texts{"id 1", "id 2", "id 3", "id 4", "overloaded", "overloaded", "id 5",
                                "id 6", "overloaded"});
}

TEST_CASE("the end answers every post that waits", "[store]") {
  GatedWriter writer;
  writer.open();
  Outcomes outcomes;
  {
    GroupCommit commits(writer, {});
    for (int i = 0; i < 100; ++i) {
      commits.post(draft("1", "x"), outcomes.next());
    }
  }
  const auto all = outcomes.all();
  CHECK(std::count(all.begin(), all.end(), "waiting") == 0);
}

TEST_CASE("a writer that runs out of memory refuses its batch and goes on", "[store]") {
  GatedWriter writer;
  writer.open();
  Outcomes outcomes;
  {
    GroupCommit commits(writer, {});
    std::promise<void> answered;
    commits.post(draft("1", "throw"), [&, note = outcomes.next()](const Result<Receipt>& receipt) {
      note(receipt);
      answered.set_value();
    });
    answered.get_future().wait();
    commits.post(draft("1", "x"), outcomes.next());
  }
  CHECK(outcomes.all() == Texts{"unavailable", "id 1"});
}

TEST_CASE("a writer without work is given time to look after itself", "[store]") {
  GatedWriter writer;
  GroupCommit commits(writer, {.idle_every = std::chrono::milliseconds(1)});
  while (writer.idles < 3) {
    std::this_thread::yield();
  }
  SUCCEED();
}

}  // namespace comments::tests
