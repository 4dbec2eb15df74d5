#include "core/store/lease_pool.h"

#include <atomic>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

struct Item {
  int number = 0;
};

LeasePool<Item>::Open counting(std::atomic<int>& opened) {
  return [&opened] { return Result(std::make_unique<Item>(Item{++opened})); };
}

}  // namespace

TEST_CASE("a returned item is leased again, a discarded one is replaced", "[store]") {
  std::atomic<int> opened = 0;
  LeasePool<Item> pool({.size = 1}, counting(opened));
  CHECK(must(pool.lease())->number == 1);
  CHECK(must(pool.lease())->number == 1);
  must(pool.lease()).discard();
  CHECK(must(pool.lease())->number == 2);
}

TEST_CASE("when all are leased, a lease waits for one to come back", "[store]") {
  std::atomic<int> opened = 0;
  LeasePool<Item> pool({.size = 1, .wait = std::chrono::seconds(30)}, counting(opened));
  auto held = std::make_unique<LeasePool<Item>::Lease>(must(pool.lease()));
  int number = 0;
  std::thread waiting([&] { number = must(pool.lease())->number; });
  held.reset();
  waiting.join();
  CHECK(number == 1);
}

TEST_CASE("a lease that waits too long is refused, and works again later", "[store]") {
  std::atomic<int> opened = 0;
  LeasePool<Item> pool({.size = 1, .wait = std::chrono::milliseconds(1)}, counting(opened));
  {
    const auto held = must(pool.lease());
    const auto refused = pool.lease();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::overloaded);
  }
  CHECK(pool.lease());
}

TEST_CASE("an item that cannot be opened leaves its place free", "[store]") {
  int tries = 0;
  LeasePool<Item> pool({.size = 1, .wait = std::chrono::milliseconds(1)},
                       [&]() -> Result<std::unique_ptr<Item>> {
                         if (++tries == 1) {
                           return Error{ErrorCode::unavailable, "not yet", {}};
                         }
                         return std::make_unique<Item>();
                       });
  CHECK_FALSE(pool.lease());
  CHECK(pool.lease());
}

}  // namespace comments::tests
