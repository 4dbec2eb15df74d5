#include "core/net/budget.h"

#include <atomic>
#include <thread>

#include "tests/support/catch.h"

namespace comments::net {

TEST_CASE("a budget gives what it has, and has again what is given back", "[net]") {
  Budget budget(10);
  auto first = budget.take(6);
  REQUIRE(first);
  CHECK_FALSE(budget.take(5));
  {
    const auto second = budget.take(4);
    CHECK(second);
    CHECK(budget.taken() == 10);
    CHECK_FALSE(budget.take(1));
    CHECK(budget.take(0));
  }
  CHECK(budget.taken() == 6);
  first.reset();
  CHECK(budget.taken() == 0);
  CHECK_FALSE(budget.take(~std::size_t{0}));
}

TEST_CASE("a part grows while there is something left", "[net]") {
  Budget budget(10);
  {
    auto part = budget.take(1);
    CHECK(part->grow(9));
    CHECK_FALSE(part->grow(1));
    CHECK(budget.taken() == 10);
    const auto moved = *std::move(part);
    CHECK(budget.taken() == 10);
  }
  CHECK(budget.taken() == 0);
}

TEST_CASE("a part may be given back after its budget is gone", "[net]") {
  std::optional<Budget::Part> part;
  {
    Budget budget(1);
    part = budget.take(1);
  }
  CHECK(part);
}

TEST_CASE("never more than there is, however many ask at once", "[net]") {
  constexpr std::size_t kMost = 3;
  Budget budget(kMost);
  std::atomic<int> too_many = 0;
  constexpr int kTakers = 4;
  std::vector<std::thread> threads;
  threads.reserve(kTakers);
  for (int i = 0; i < kTakers; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) {
        const auto part = budget.take(1);
        too_many += budget.taken() > kMost;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(too_many == 0);
  CHECK(budget.taken() == 0);
}

}  // namespace comments::net
