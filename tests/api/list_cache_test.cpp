#include "core/api/list_cache.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::api::tests {
namespace {

using comments::tests::content_id;

constexpr ListForm kPage{.limit = 10};
constexpr ListForm kWhole{};
constexpr ListForm kNewest{.limit = 10, .descending = true};

Version version(std::int64_t number) {
  return {.store = 1, .number = number};
}

SharedList list_at(std::int64_t number, std::size_t size = 100) {
  return share(make_list({.query = {.content_id = content_id("1")}, .whole = true},
                         net::GrowingText(std::string(size, 'x')), version(number),
                         {.total = number}, {}));
}

// The versions that a passenger was brought; -1 for an error.
using Arrivals = std::vector<std::int64_t>;

ListCache::Passenger into(Arrivals& arrivals) {
  return [&arrivals](const Result<SharedList>& list) {
    arrivals.push_back(list ? (*list)->version.number : -1);
  };
}

void fill(ListCache& cache, const std::string& thread, const ListForm& form,
          const SharedList& list) {
  const auto flight = cache.board(thread, form, [](const auto&) {});
  REQUIRE(flight);
  cache.land(flight, list);
}

}  // namespace

TEST_CASE("a list is made once for all who ask meanwhile", "[api]") {
  ListCache cache({});
  Arrivals arrivals;
  const auto flight = cache.board("1", kPage, into(arrivals));
  REQUIRE(flight);
  CHECK_FALSE(cache.board("1", kPage, into(arrivals)));
  CHECK_FALSE(cache.board("1", kPage, into(arrivals)));
  CHECK(arrivals.empty());
  cache.land(flight, list_at(5));
  CHECK(arrivals == Arrivals{5, 5, 5});

  CHECK(cache.find("1", kPage)->version.number == 5);
  CHECK_FALSE(cache.board("1", kPage, into(arrivals)));  // at once
  CHECK(arrivals.size() == 4);
}

TEST_CASE("threads and forms are kept apart", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(5));
  CHECK_FALSE(cache.find("2", kPage));
  CHECK_FALSE(cache.find("1", kWhole));
  CHECK_FALSE(cache.find("1", {.limit = 10, .gzip = true}));
  CHECK_FALSE(cache.find("1", {.after = 0, .limit = 10}));
}

TEST_CASE("after a commit, what was there is not found", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(5));
  fill(cache, "2", kPage, list_at(5));
  cache.on_commit("1", version(6));
  CHECK_FALSE(cache.find("1", kPage));
  CHECK(cache.find("2", kPage));
}

TEST_CASE("a list that was read with the commit in it outlives the news of it", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(6));
  cache.on_commit("1", version(6));
  CHECK(cache.find("1", kPage));
}

TEST_CASE("nobody joins a flight that began before the last commit", "[api]") {
  ListCache cache({});
  Arrivals before;
  Arrivals after;
  const auto old_flight = cache.board("1", kPage, into(before));
  cache.on_commit("1", version(6));
  const auto new_flight = cache.board("1", kPage, into(after));
  REQUIRE(new_flight);
  CHECK_FALSE(cache.board("1", kPage, into(after)));

  cache.land(old_flight, list_at(5));
  CHECK(before == Arrivals{5});
  CHECK(after.empty());
  CHECK_FALSE(cache.find("1", kPage));
  cache.land(new_flight, list_at(6));
  CHECK(after == Arrivals{6, 6});
  CHECK(cache.find("1", kPage));
}

TEST_CASE("a flight that lands late does not replace a newer list", "[api]") {
  ListCache cache({});
  const auto late = cache.board("1", kPage, [](const auto&) {});
  cache.on_commit("1", version(6));
  fill(cache, "1", kPage, list_at(6));
  cache.land(late, list_at(5));
  CHECK(cache.find("1", kPage)->version.number == 6);
}

TEST_CASE("what one form has shown, another form shows too", "[api]") {
  ListCache cache({});
  Arrivals begun_before;
  fill(cache, "1", kPage, list_at(4));
  const auto old_flight = cache.board("1", kNewest, into(begun_before));
  fill(cache, "1", kWhole, list_at(5));  // somebody else writes to the same store
  CHECK_FALSE(cache.find("1", kPage));
  CHECK(cache.find("1", kWhole));
  const auto new_flight = cache.board("1", kNewest, [](const auto&) {});
  REQUIRE(new_flight);
  cache.land(old_flight, list_at(4));
  CHECK(begun_before == Arrivals{4});
  CHECK_FALSE(cache.find("1", kNewest));
  cache.land(new_flight, list_at(5));
  CHECK(cache.find("1", kNewest));
}

TEST_CASE("versions of another store say nothing of this one's", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(4));
  cache.on_commit("1", {.store = 2, .number = 9});
  CHECK(cache.find("1", kPage));
}

TEST_CASE("the pilot gets what there was", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(5));
  cache.on_commit("1", version(6));
  const auto flight = cache.board("1", kPage, [](const auto&) {});
  REQUIRE(ListCache::earlier(*flight));
  CHECK(ListCache::earlier(*flight)->version.number == 5);
  cache.land(flight, list_at(6));
}

TEST_CASE("a list without news is looked after from time to time", "[api]") {
  auto now = std::chrono::steady_clock::time_point{};
  ListCache cache({}, [&] { return now; });
  const auto list = list_at(5);
  fill(cache, "1", kPage, list);
  now += kMaxAge - std::chrono::milliseconds(1);
  CHECK(cache.find("1", kPage));
  now += std::chrono::milliseconds(1);
  CHECK_FALSE(cache.find("1", kPage));

  const auto flight = cache.board("1", kPage, [](const auto&) {});
  CHECK(ListCache::earlier(*flight) == list);
  now += std::chrono::milliseconds(10);
  cache.land(flight, list);
  CHECK(cache.find("1", kPage) == list);
  now += kMaxAge - std::chrono::milliseconds(10);  // it was read when the flight began
  CHECK_FALSE(cache.find("1", kPage));
}

TEST_CASE("a store that was exchanged counts from its own beginning", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(5));
  cache.on_commit("1", version(6));
  const auto flight = cache.board("1", kPage, [](const auto&) {});
  auto other = *list_at(3);
  other.version.store = 2;
  cache.land(flight, share(other));
  CHECK(cache.board("1", kPage, [](const auto&) {}));  // older than the last commit that we know of
}

TEST_CASE("an error reaches all passengers, and is not kept", "[api]") {
  ListCache cache({});
  Arrivals arrivals;
  const auto flight = cache.board("1", kPage, into(arrivals));
  (void)cache.board("1", kPage, into(arrivals));
  cache.land(flight, Error{ErrorCode::unavailable, "gone", {}});
  CHECK(arrivals == Arrivals{-1, -1});
  CHECK_FALSE(cache.find("1", kPage));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("while the store cannot be read, the last known state stands in", "[api]") {
  auto now = std::chrono::steady_clock::time_point{};
  ListCache cache({}, [&] { return now; });
  fill(cache, "1", kPage, list_at(5));
  const auto fail = [&](const std::string& thread, ErrorCode code) {
    now += kMaxAge;
    Arrivals arrivals;
    const auto flight = cache.board(thread, kPage, into(arrivals));
    REQUIRE(flight);
    cache.land(flight, Error{code, "gone", {}});
    return arrivals;
  };
  CHECK(fail("1", ErrorCode::unavailable) == Arrivals{5});
  CHECK(fail("1", ErrorCode::overloaded) == Arrivals{5});
  CHECK_FALSE(cache.find("1", kPage));  // whoever asks next tries again
  CHECK(fail("1", ErrorCode::internal) == Arrivals{-1});
  CHECK(fail("2", ErrorCode::unavailable) == Arrivals{-1});
  cache.on_commit("1", version(6));
  CHECK(fail("1", ErrorCode::unavailable) == Arrivals{-1});
}

TEST_CASE("who has seen more is not content with what is kept", "[api]") {
  ListCache cache({});
  fill(cache, "1", kPage, list_at(5));
  CHECK(cache.find("1", kPage, 5));
  CHECK_FALSE(cache.find("1", kPage, 6));
  Arrivals arrivals;
  const auto flight = cache.board("1", kPage, into(arrivals), 6);
  REQUIRE(flight);
  CHECK(ListCache::seen(*flight) == 6);
  CHECK_FALSE(cache.land(flight, list_at(6)));
  CHECK(arrivals == Arrivals{6});
}

TEST_CASE("a made-up number costs one read, and others nothing", "[api]") {
  ListCache cache({});
  const auto list = list_at(5);
  fill(cache, "1", kPage, list);
  Arrivals arrivals;
  const auto flight = cache.board("1", kPage, into(arrivals), 1'000'000);
  REQUIRE(flight);
  CHECK(cache.find("1", kPage));
  CHECK_FALSE(cache.land(flight, list));
  CHECK(arrivals == Arrivals{5});
  CHECK(cache.find("1", kPage) == list);
}

TEST_CASE("who came late, and had seen more than lands, boards one flight more and no third",
          "[api]") {
  ListCache cache({});
  Arrivals early;
  Arrivals content;
  Arrivals late;
  const auto first = cache.board("1", kPage, into(early), 9);
  CHECK_FALSE(cache.board("1", kPage, into(content), 5));
  CHECK_FALSE(cache.board("1", kPage, into(late), 6));
  CHECK_FALSE(cache.board("1", kPage, into(late), 8));
  const auto second = cache.land(first, list_at(5));
  CHECK(early == Arrivals{5});
  CHECK(content == Arrivals{5});
  REQUIRE(second);
  CHECK(late.empty());
  CHECK(ListCache::seen(*second) == 8);
  CHECK_FALSE(cache.land(second, list_at(7)));
  CHECK(late == Arrivals{7, 7});
}

TEST_CASE("a flight that fails is the answer to all aboard", "[api]") {
  ListCache cache({});
  Arrivals arrivals;
  fill(cache, "1", kPage, list_at(5));
  const auto flight = cache.board("1", kPage, into(arrivals), 6);
  CHECK_FALSE(cache.board("1", kPage, into(arrivals), 7));
  CHECK_FALSE(cache.land(flight, Error{ErrorCode::unavailable, "gone", {}}));
  CHECK(arrivals == Arrivals{-1, -1});  // what is kept is not what they have seen
}

TEST_CASE("beyond its bytes, the cache forgets what was asked for longest ago", "[api]") {
  const auto size = list_at(1, 1'000)->memory();
  ListCache cache({.max_bytes = 3 * size, .max_entry_bytes = size});
  for (const auto* thread : {"1", "2", "3"}) {
    fill(cache, thread, kPage, list_at(1, 1'000));
  }
  CHECK(cache.find("1", kPage));
  fill(cache, "4", kPage, list_at(1, 1'000));
  CHECK(cache.find("1", kPage));
  CHECK_FALSE(cache.find("2", kPage));
  CHECK(cache.find("3", kPage));
  CHECK(cache.find("4", kPage));
  CHECK(cache.bytes() == 3 * size);
}

TEST_CASE("a list that is too long is shared, and not kept", "[api]") {
  ListCache cache({.max_bytes = 10'000, .max_entry_bytes = 3'000});
  Arrivals arrivals;
  const auto flight = cache.board("1", kPage, into(arrivals));
  (void)cache.board("1", kPage, into(arrivals));
  cache.land(flight, list_at(1, 5'000));
  CHECK(arrivals == Arrivals{1, 1});
  CHECK_FALSE(cache.find("1", kPage));
  CHECK(cache.bytes() == 0);
}

}  // namespace comments::api::tests
