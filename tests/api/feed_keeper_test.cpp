#include "core/api/feed_keeper.h"

#include <condition_variable>

#include "core/store/memory_store.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

// A thread of a store that others write to, followed here: what its followers are told.
struct Followed {
  std::unique_ptr<Store> store = make_memory_store();
  api::StreamMetrics metrics;
  api::Feeds feeds{EmailVisibility::hidden, metrics};
  std::shared_ptr<net::Feed> feed = feeds.of(content_id("1"));

  // The ids in the events after the one with that id, once the feed has come to `last`.
  Texts events_after(std::int64_t id, std::int64_t last) const {
    while (feed->last().value_or(0) < last) {  // the test's timeout is the deadline
      std::this_thread::yield();
    }
    Texts lines;
    const auto piece = feed->after(id);
    REQUIRE(piece);
    std::string text(piece->bytes.bytes);
    for (auto at = text.find("id: "); at != std::string::npos; at = text.find("id: ", at + 1)) {
      lines.push_back(text.substr(at + 4, text.find('\n', at) - at - 4));
    }
    return lines;
  }
};

Committed own(std::int64_t id) {
  return {content_id("1"), {1, id}, {{id, "a@b", "own", {}}}};
}

Committed of_somebody_else(std::int64_t version) {
  return {content_id("1"), {1, version}, {}};
}

}  // namespace

TEST_CASE("a feed that missed nothing tells of a commit at once", "[api]") {
  Followed followed;
  followed.feed->begin(4);
  CHECK(followed.feeds.publish(own(5)));
  CHECK(followed.events_after(4, 5) == Texts{"5"});
}

TEST_CASE("a feed that missed somebody else's comments keeps a commit back until they are read",
          "[api]") {
  Followed followed;
  for (const auto* text : {"one", "two", "three"}) {
    must(post(*followed.store, draft("1", text)));
  }
  followed.feed->begin(1);
  CHECK_FALSE(followed.feeds.publish(own(3)));
  CHECK(followed.feed->last() == 1);
  CHECK_FALSE(followed.feeds.publish(of_somebody_else(3)));

  api::FeedKeeper keeper(*followed.store, followed.feeds, std::chrono::hours(1));
  keeper.look_at(content_id("1"));
  CHECK(followed.events_after(1, 3) == Texts{"2", "3"});
}

TEST_CASE("what nobody tells of is found all the same, more than a page of it too", "[api]") {
  Followed followed;
  followed.feed->begin(0);
  for (int i = 0; i < kMaxPageLimit + 5; ++i) {
    must(post(*followed.store, draft("1", "x")));
  }
  const api::FeedKeeper keeper(*followed.store, followed.feeds, std::chrono::milliseconds(1));
  CHECK(followed.events_after(0, kMaxPageLimit + 5).size() == kMaxPageLimit + 5);
}

TEST_CASE("a thread that nobody follows any more is not looked at", "[api]") {
  Followed followed;
  followed.feed->begin(0);
  CHECK(followed.feeds.followed().size() == 1);
  followed.feed.reset();
  CHECK(followed.feeds.followed().empty());
  CHECK_FALSE(followed.feeds.last(content_id("1")));
  CHECK(followed.feeds.publish(of_somebody_else(3)));
}

}  // namespace comments::tests
