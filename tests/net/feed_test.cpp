#include "core/net/feed.h"

#include "core/net/mailbox.h"
#include "tests/support/catch.h"

namespace comments::net {
namespace {

std::string after(const Feed& feed, std::int64_t id) {
  const auto piece = feed.after(id);
  return piece ? std::string(piece->bytes.bytes) : "cut";
}

}  // namespace

TEST_CASE("a follower gets everything after what it has, as one piece", "[net]") {
  const auto feed = Feed::make();
  CHECK(after(*feed, 0).empty());
  for (int id = 5; id <= 8; ++id) {
    feed->publish(id, std::to_string(id));
  }
  CHECK(after(*feed, 4) == "5678");
  CHECK(after(*feed, 7) == "8");
  CHECK(feed->after(6)->last == 8);
  CHECK(after(*feed, 8).empty());
  CHECK(after(*feed, 99).empty());
  CHECK(feed->last() == 8);
}

TEST_CASE("who would miss an event is cut instead", "[net]") {
  const auto feed = Feed::make({.max_events = 3});
  for (int id = 1; id <= 5; ++id) {
    feed->publish(id, std::to_string(id));
  }
  CHECK(after(*feed, 1) == "cut");
  CHECK(after(*feed, 2) == "345");
  feed->publish(5, "again");
  CHECK(after(*feed, 4) == "5");
  feed->publish(9, "9");  // a gap
  CHECK(after(*feed, 5) == "cut");
  CHECK(after(*feed, 8) == "9");
}

TEST_CASE("a reactor is told of news once, until it has taken it", "[net]") {
  const auto feed = Feed::make();
  const auto mailbox = std::make_shared<Mailbox>();
  feed->attach(mailbox);
  feed->publish(1, "1");
  feed->publish(2, "2");
  CHECK(mailbox->take().size() == 1);
  feed->publish(3, "3");
  CHECK(mailbox->take().empty());
  feed->news_taken(*mailbox);
  feed->publish(4, "4");
  CHECK(mailbox->take().size() == 1);
  feed->detach(*mailbox);
  feed->publish(5, "5");
  CHECK(mailbox->take().empty());
}

}  // namespace comments::net
