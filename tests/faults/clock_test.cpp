// The clock may jump: order, replay and the life of keys hold, in every store that keeps time.
//
// A settable clock stands for the system's. What the system's own clock does to sleeping threads is
// not shown here: nothing in a store waits by it.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/store/memory_store.h"
#include "core/store/sqlite/store.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Timestamp kNow{hours(24 * 365 * 54)};           // in 2023
constexpr Timestamp kEpoch{};                             // 1970
constexpr Timestamp kBeforeEpoch{hours(-24 * 365)};       // 1969: a time that is negative
constexpr Timestamp kFarFuture{hours(24 * 365 * 1'000)};  // 2969
constexpr milliseconds kMoment{1};

// A store whose clock the test sets. Its group commit reads the clock on another thread, but only
// while a post is being answered, and the test waits for that.
class Timed {
 public:
  virtual ~Timed() = default;

  virtual void reopen() = 0;  // where the store has a file; else nothing

  void set(Timestamp now) { *now_ = now; }
  void pass(milliseconds time) { *now_ += time; }

  // The id of the comment; 0: refused.
  std::int64_t post(std::string_view key, const std::string& text = "text") {
    const auto receipt = tests::post(*store_, draft("clock", text, std::string(key)));
    return receipt ? receipt->id : 0;
  }

  Ids all() { return ids(must(store_->list(query("clock")))); }

  std::vector<Timestamp> times() {
    std::vector<Timestamp> times;
    for (const auto& comment : must(store_->list(query("clock"))).comments) {
      times.push_back(comment.created_at);
    }
    return times;
  }

 protected:
  Clock clock() const {
    return [now = now_] { return *now; };
  }

  std::shared_ptr<Timestamp> now_ = std::make_shared<Timestamp>(kNow);
  std::unique_ptr<Store> store_;
};

class TimedMemory final : public Timed {
 public:
  TimedMemory() { store_ = make_memory_store(clock()); }
  void reopen() override {}
};

class TimedSqlite final : public Timed {
 public:
  TimedSqlite() { reopen(); }
  ~TimedSqlite() override { store_.reset(); }  // before its folder
  void reopen() override {
    store_.reset();
    store_ = must(open_sqlite_store({.path = folder_.file("comments.db")}, clock()));
  }

 private:
  TempFolder folder_;
};

void in_every_store(const std::function<void(Timed&)>& rule) {
  SECTION("memory") {
    TimedMemory store;
    rule(store);
  }
  SECTION("sqlite") {
    TimedSqlite store;
    rule(store);
  }
}

TEST_CASE("comments stay in the order of acceptance wherever the clock jumps", "[store][clock]") {
  in_every_store([](Timed& store) {
    const std::vector<Timestamp> jumps{
        kNow, kNow + hours(24), kNow - hours(24), kEpoch, kBeforeEpoch, kFarFuture, kNow};
    Ids expected;
    for (const auto time : jumps) {
      store.set(time);
      const auto next = static_cast<std::int64_t>(expected.size()) + 1;
      CHECK(store.post("") == next);
      expected.push_back(next);
    }
    CHECK(store.all() == expected);
    CHECK(store.times() == jumps);
    store.reopen();
    CHECK(store.all() == expected);
  });
}

TEST_CASE("a key replays until it is a day old, and can be used again from then on",
          "[store][clock]") {
  in_every_store([](Timed& store) {
    CHECK(store.post("key") == 1);
    store.set(kNow + kIdempotencyWindow - kMoment);
    CHECK(store.post("key") == 1);
    CHECK(store.post("key", "another text") == 0);
    store.set(kNow + kIdempotencyWindow);
    CHECK(store.post("key", "another text") == 2);
    CHECK(store.post("key", "another text") == 2);
    CHECK(store.all() == Ids{1, 2});
  });
}

TEST_CASE("a replay does not prolong the life of a key", "[store][clock]") {
  in_every_store([](Timed& store) {
    CHECK(store.post("key") == 1);
    store.set(kNow + kIdempotencyWindow / 2);
    CHECK(store.post("key") == 1);
    store.set(kNow + kIdempotencyWindow);
    CHECK(store.post("key") == 2);
  });
}

TEST_CASE("a retry right after the clock went back does not duplicate", "[store][clock]") {
  in_every_store([](Timed& store) {
    for (const auto back_to :
         {kNow - kMoment, kNow - hours(24), kNow - hours(25), kEpoch, kBeforeEpoch}) {
      store.set(kNow);
      const auto key = std::to_string(back_to.time_since_epoch().count());
      const auto id = store.post(key);
      REQUIRE(id > 0);
      store.set(back_to);
      CHECK(store.post(key) == id);
      CHECK(store.post(key, "another text") == 0);
      store.reopen();
      CHECK(store.post(key) == id);
    }
  });
}

TEST_CASE("a retry right after the clock went forward by less than a day does not duplicate",
          "[store][clock]") {
  in_every_store([](Timed& store) {
    store.set(kEpoch);
    CHECK(store.post("key") == 1);
    store.pass(kIdempotencyWindow - kMoment);
    CHECK(store.post("key") == 1);
  });
}

TEST_CASE("a key from a clock that was in the far future is not locked for good",
          "[store][clock]") {
  in_every_store([](Timed& store) {
    store.set(kFarFuture);
    CHECK(store.post("key") == 1);
    store.set(kNow);
    CHECK(store.post("key") == 1);  // the retry, which dates it anew
    store.pass(kIdempotencyWindow - kMoment);
    store.reopen();
    CHECK(store.post("key") == 1);
    store.pass(kMoment);
    CHECK(store.post("key", "another text") == 2);
  });
}

TEST_CASE("even a refused use of a key from the far future dates it anew", "[store][clock]") {
  in_every_store([](Timed& store) {
    store.set(kFarFuture);
    CHECK(store.post("key") == 1);
    store.set(kNow);
    CHECK(store.post("key", "another text") == 0);
    store.pass(kIdempotencyWindow);
    CHECK(store.post("key", "another text") == 2);
  });
}

TEST_CASE(
    "a clock that jumps to the far future and back lets nothing be posted twice that was"
    " posted before it",
    "[store][clock]") {
  in_every_store([](Timed& store) {
    CHECK(store.post("key") == 1);
    store.set(kFarFuture);
    CHECK(store.post("other") == 2);
    store.set(kNow + kMoment);
    CHECK(store.post("key") == 1);
    CHECK(store.post("other") == 2);
    CHECK(store.all() == Ids{1, 2});
  });
}

}  // namespace
}  // namespace comments::tests
