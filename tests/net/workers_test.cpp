#include "core/net/workers.h"

#include <atomic>
#include <future>

#include "tests/support/catch.h"

namespace comments::net {

TEST_CASE("workers refuse what does not fit their queue, and finish what they took", "[net]") {
  std::atomic<int> done = 0;
  std::promise<void> begun;
  std::promise<void> release;
  {
    Workers workers(1, 2);
    Workers::Task blocking = [&] {
      begun.set_value();
      release.get_future().wait();
    };
    REQUIRE(workers.run(blocking));
    begun.get_future().wait();
    for (const bool fits : {true, true, false}) {
      Workers::Task task = [&] { ++done; };
      CHECK(workers.run(task) == fits);
      CHECK(static_cast<bool>(task) != fits);
    }
    release.set_value();
  }
  CHECK(done == 2);
}

}  // namespace comments::net
