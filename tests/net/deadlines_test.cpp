#include "core/net/deadlines.h"

#include <random>
#include <vector>

#include "tests/support/catch.h"

namespace comments::net {
namespace {

using std::chrono::milliseconds;

const TimePoint kStart{std::chrono::hours(1)};

struct Timer : Deadlines::Entry {
  TimePoint fired = TimePoint::min();
};

void advance(Deadlines& deadlines, TimePoint now) {
  deadlines.advance(now, [&](Deadlines::Entry& entry) { static_cast<Timer&>(entry).fired = now; });
}

}  // namespace

TEST_CASE("a deadline fires at most a tick late and never early, wherever it was moved", "[net]") {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same every time
  const auto some_time = [&] { return milliseconds(random() % 200'000); };
  Deadlines deadlines(kStart);
  std::vector<Timer> timers(500);
  for (auto& timer : timers) {
    for (int moves = 0; moves < 3; ++moves) {
      deadlines.set(timer, kStart + some_time());
    }
  }
  std::vector<TimePoint> due;
  due.reserve(timers.size());
  for (const auto& timer : timers) {
    due.push_back(timer.deadline());
  }
  constexpr milliseconds kStep{100};
  for (auto now = kStart; now < kStart + milliseconds(201'000); now += kStep) {
    advance(deadlines, now);
  }
  for (std::size_t i = 0; i < timers.size(); ++i) {
    CHECK(timers[i].fired >= due[i]);
    CHECK(timers[i].fired <= due[i] + Deadlines::kTick + kStep);
  }
  CHECK_FALSE(deadlines.next());
}

TEST_CASE("a deadline that fires may clear the others, and be set anew", "[net]") {
  Deadlines deadlines(kStart);
  std::vector<Timer> timers(10);
  for (auto& timer : timers) {
    deadlines.set(timer, kStart + milliseconds(10));
  }
  int fired = 0;
  deadlines.advance(kStart + milliseconds(600), [&](Deadlines::Entry&) {
    ++fired;
    for (auto& timer : timers) {
      deadlines.clear(timer);
    }
    deadlines.set(timers[0], kStart + milliseconds(700));
  });
  CHECK(fired == 1);
  advance(deadlines, kStart + milliseconds(1'200));
  CHECK(timers[0].fired == kStart + milliseconds(1'200));
  CHECK(timers[1].fired == TimePoint::min());
}

TEST_CASE("who sleeps until the next deadline misses none", "[net]") {
  Deadlines deadlines(kStart);
  Timer timer;
  deadlines.set(timer, kStart + milliseconds(1'300));
  for (int wakes = 0; timer.fired == TimePoint::min() && wakes < 3; ++wakes) {
    advance(deadlines, deadlines.next().value());
  }
  CHECK(timer.fired >= kStart + milliseconds(1'300));
}

}  // namespace comments::net
