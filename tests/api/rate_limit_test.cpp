#include "core/api/rate_limit.h"

#include "tests/support/catch.h"

namespace comments::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RateLimit::Time kStart{std::chrono::hours(1'000)};

// How many of `tries` at that moment are within the limit.
int granted(RateLimit& limit, std::string_view key, RateLimit::Time now, int tries) {
  int granted = 0;
  for (int i = 0; i < tries; ++i) {
    granted += !limit.count(key, now);
  }
  return granted;
}

}  // namespace

TEST_CASE("a minute's worth at once, then one an interval", "[api]") {
  RateLimit limit(60);
  CHECK(granted(limit, "a", kStart, 100) == 60);
  CHECK(granted(limit, "a", kStart + milliseconds(999), 10) == 0);
  CHECK(granted(limit, "a", kStart + seconds(1), 10) == 1);
  CHECK(granted(limit, "a", kStart + seconds(11), 100) == 10);
  CHECK(granted(limit, "a", kStart + seconds(200), 100) == 60);
}

TEST_CASE("who is beyond the limit learns when to come again, and then may", "[api]") {
  RateLimit limit(7);
  auto now = kStart;
  CHECK(granted(limit, "a", now, 7) == 7);
  for (int i = 0; i < 20; ++i) {
    const auto wait = limit.count("a", now);
    REQUIRE(wait);
    CHECK(limit.count("a", now + *wait - milliseconds(2)));
    now += *wait;
    REQUIRE_FALSE(limit.count("a", now));
  }
}

TEST_CASE("keys do not pay for each other", "[api]") {
  RateLimit limit(5);
  CHECK(granted(limit, "a", kStart, 10) == 5);
  CHECK(granted(limit, "b", kStart, 10) == 5);
}

TEST_CASE("no limit counts nothing", "[api]") {
  RateLimit limit(0);
  CHECK_FALSE(limit.is_on());
  CHECK(granted(limit, "a", kStart, 1'000) == 1'000);
}

TEST_CASE("a million keys pass through the same memory, and each is held to the limit", "[api]") {
  RateLimit limit(2);
  constexpr int kKeys = 1'000'000;
  int more = 0;
  for (int i = 0; i < kKeys; ++i) {
    more += granted(limit, std::to_string(i), kStart + milliseconds(i / 100), 3) != 2;
  }
  CHECK(more == 0);
  CHECK(granted(limit, std::to_string(kKeys - 1), kStart + milliseconds(kKeys / 100), 3) == 0);
}

TEST_CASE("a flood of other keys does not set somebody beyond the limit free", "[api]") {
  RateLimit limit(10);
  REQUIRE(granted(limit, "the one", kStart, 20) == 10);
  for (int i = 0; i < 300'000; ++i) {  // each once, and so nearer to a full allowance
    (void)limit.count(std::to_string(i), kStart);
  }
  CHECK(granted(limit, "the one", kStart, 20) == 0);
}

}  // namespace comments::api
