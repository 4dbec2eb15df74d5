// What Comments promises, asked of every implementation.
#include <future>
#include <thread>

#include "core/store/store.h"
#include "tests/contract/implementations.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

Subject subject() {
  const auto which = GENERATE(range(std::size_t{0}, implementations().size()));
  return implementations().at(which).make();
}

void post_numbers(Comments& comments, std::string_view thread, int count) {
  for (int i = 1; i <= count; ++i) {
    must(post(comments, draft(thread, "comment " + std::to_string(i))));
  }
}

Ids range_of(std::int64_t from, std::int64_t to) {
  Ids ids;
  for (auto id = from; from <= to ? id <= to : id >= to; id += from <= to ? 1 : -1) {
    ids.push_back(id);
  }
  return ids;
}

}  // namespace

TEST_CASE("comments are listed in the order in which they were accepted", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  CHECK(must(post(*s.comments, draft("1", "first", "", "alice@example.com"))).id == 1);
  CHECK(must(post(*s.comments, draft("1", "second", "", "bob@example.com"))).id == 2);
  const auto page = must(s.comments->list(query("1")));
  CHECK(texts(page) == Texts{"first", "second"});
  CHECK(page.comments.at(0).email == "alice@example.com");
  CHECK(page.comments.at(0).created_at == *s.now);
  CHECK(page.total == 2);
}

TEST_CASE("a thread without comments is an empty page", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  const auto page = must(s.comments->list(query("nobody-was-here")));
  CHECK(page.comments.empty());
  CHECK(page.total == 0);
}

TEST_CASE("threads count their comments from one, each for itself", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  post_numbers(*s.comments, "1", 2);
  CHECK(must(post(*s.comments, draft("2", "another thread"))).id == 1);
  const std::vector ids{content_id("2"), content_id("1"), content_id("3")};
  CHECK(must(s.comments->count(ids)) == std::vector<std::int64_t>{1, 2, 0});
}

TEST_CASE("text comes back exactly as it was sent", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  const Texts sent{"  spaces around  ",
                   "line\nfeed and \ttab and \"quotes\" and \\",
                   "\x01\x1F\x7F",
                   "caf\u00E9 \u2028 \uFFFD",
                   "\U0001F600 \U0001F1E7\U0001F1F7",
                   "\u202Eright to left \u05D0\u0301",
                   std::string(10'000, 'x')};
  for (const auto& text : sent) {
    must(post(*s.comments, draft("text", text)));
  }
  CHECK(texts(must(s.comments->list(query("text")))) == sent);
}

TEST_CASE("a thread's name may be any text", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  for (const std::string name : {"1", "-9223372036854775808", "a b", "50%", "a?b=c&d#e", "a+b",
                                 "\u00E9\U0001F600", "..", ";,=@:$!*'()", "%2F"}) {
    CAPTURE(name);
    must(post(*s.comments, draft(name, name)));
    CHECK(texts(must(s.comments->list(query(name)))) == Texts{name});
    CHECK(must(s.comments->count(std::vector{content_id(name)})) == std::vector<std::int64_t>{1});
  }
}

TEST_CASE("a page is the comments nearest to its cursor, in the order asked", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  post_numbers(*s.comments, "1", 10);
  const auto page = [&](std::optional<std::int64_t> after, std::optional<std::int64_t> before,
                        Order order) {
    auto q = query("1");
    q.after = after;
    q.before = before;
    q.limit = 3;
    q.order = order;
    return ids(must(s.comments->list(q)));
  };
  constexpr auto kAscending = Order::ascending;
  constexpr auto kDescending = Order::descending;
  CHECK(page({}, {}, kAscending) == Ids{1, 2, 3});
  CHECK(page({}, {}, kDescending) == Ids{10, 9, 8});
  CHECK(page(3, {}, kAscending) == Ids{4, 5, 6});
  CHECK(page(3, {}, kDescending) == Ids{6, 5, 4});
  CHECK(page({}, 8, kDescending) == Ids{7, 6, 5});
  CHECK(page({}, 8, kAscending) == Ids{5, 6, 7});
  CHECK(page(2, 9, kAscending) == Ids{3, 4, 5});
  CHECK(page(2, 9, kDescending) == Ids{8, 7, 6});
  CHECK(page(8, {}, kAscending) == Ids{9, 10});
  CHECK(page({}, 3, kDescending) == Ids{2, 1});
  CHECK(page(10, {}, kAscending).empty());
  CHECK(page({}, 1, kDescending).empty());
  CHECK(page(5, 6, kAscending).empty());
  CHECK(page(9, 3, kAscending).empty());
}

TEST_CASE("pages joined at their cursors are the whole thread, both ways", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  post_numbers(*s.comments, "1", 25);
  const auto order = GENERATE(Order::ascending, Order::descending);
  auto q = query("1");
  q.limit = 10;
  q.order = order;
  Ids seen;
  for (;;) {
    const auto page = must(s.comments->list(q));
    CHECK(page.total == 25);
    if (page.comments.empty()) {
      break;
    }
    const auto more = ids(page);
    seen.insert(seen.end(), more.begin(), more.end());
    (order == Order::ascending ? q.after : q.before) = seen.back();
  }
  CHECK(seen == (order == Order::ascending ? range_of(1, 25) : range_of(25, 1)));
}

TEST_CASE("one comment is found by its id, and no other", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  post_numbers(*s.comments, "1", 3);
  CHECK(must(find(*s.comments, content_id("1"), 2)).comment == "comment 2");
  const auto missing = find(*s.comments, content_id("1"), 4);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("a version changes with every comment and names one state of one thread", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  const auto after_first = must(post(*s.comments, draft("1", "first"))).version;
  CHECK(must(s.comments->list(query("1"))).version == after_first);
  const auto after_second = must(post(*s.comments, draft("1", "second"))).version;
  CHECK_FALSE(after_first == after_second);
  CHECK(must(s.comments->list(query("1"))).version == after_second);
}

TEST_CASE("who knows the thread's version is told that nothing has changed", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  auto q = query("1");
  q.known = must(post(*s.comments, draft("1", "first"))).version;
  auto page = must(s.comments->list(q));
  CHECK(page.unchanged);
  CHECK(page.comments.empty());
  CHECK(page.version == *q.known);

  must(post(*s.comments, draft("1", "second")));
  page = must(s.comments->list(q));
  CHECK_FALSE(page.unchanged);
  CHECK(page.comments.size() == 2);
}

TEST_CASE("the same key with the same comment stores once and answers the same", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  const auto first = must(post(*s.comments, draft("1", "hello", "key")));
  must(post(*s.comments, draft("1", "in between")));
  const auto again = must(post(*s.comments, draft("1", "hello", "key")));
  CHECK(again.id == first.id);
  CHECK(texts(must(s.comments->list(query("1")))) == Texts{"hello", "in between"});
}

TEST_CASE("the same key with another comment or e-mail is a conflict", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  must(post(*s.comments, draft("1", "hello", "key")));
  for (const auto& other :
       {draft("1", "goodbye", "key"), draft("1", "hello", "key", "mallory@example.com")}) {
    const auto refused = post(*s.comments, other);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::idempotency_conflict);
  }
  CHECK(must(s.comments->list(query("1"))).total == 1);
}

TEST_CASE("a key belongs to its thread", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  must(post(*s.comments, draft("1", "hello", "key")));
  CHECK(must(post(*s.comments, draft("2", "something else", "key"))).id == 1);
}

TEST_CASE("a key is remembered for a day of server time, then it is as new", "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  must(post(*s.comments, draft("1", "hello", "key")));
  *s.now += std::chrono::hours(24) - std::chrono::milliseconds(1);
  CHECK(must(post(*s.comments, draft("1", "hello", "key"))).id == 1);
  *s.now += std::chrono::milliseconds(1);
  CHECK(must(post(*s.comments, draft("1", "something new", "key"))).id == 2);
  CHECK(must(post(*s.comments, draft("1", "something new", "key"))).id == 2);
}

TEST_CASE("posts from many threads at once: each is stored, ids have no gaps, keys hold",
          "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  constexpr int kWriters = 8;
  constexpr int kEach = 25;
  std::vector<std::future<std::vector<std::int64_t>>> writers;
  writers.reserve(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.push_back(std::async(std::launch::async, [&, writer] {
      std::vector<std::int64_t> given;
      given.reserve(kEach);
      for (int i = 0; i < kEach; ++i) {
        // Two writers share each key: one of them stores, both get the same id.
        const auto text = std::to_string(writer / 2) + "-" + std::to_string(i);
        given.push_back(must(post(*s.comments, draft("1", text, text))).id);
      }
      return given;
    }));
  }
  std::vector<std::vector<std::int64_t>> given;
  given.reserve(writers.size());
  for (auto& writer : writers) {
    given.push_back(writer.get());
  }
  const auto page = must(s.comments->list(query("1")));
  CHECK(ids(page) == range_of(1, std::int64_t{kWriters} / 2 * kEach));
  for (std::size_t writer = 0; writer < given.size(); writer += 2) {
    CHECK(given[writer] == given[writer + 1]);
    CHECK(std::is_sorted(given[writer].begin(), given[writer].end()));
  }
}

TEST_CASE("a store tells its observer of every new comment once, before the post is answered",
          "[contract]") {
  const auto s = subject();
  CAPTURE(s.name);
  auto* store = dynamic_cast<Store*>(s.comments.get());
  if (store == nullptr) {
    return;  // a client has nobody to tell
  }
  std::vector<std::string> seen;
  store->observe([&](const Committed& committed) {
    for (const auto& comment : committed.comments) {
      seen.push_back(committed.content_id.text() + "/" + std::to_string(comment.id) + " " +
                     comment.comment + " v" + std::to_string(committed.version.number));
      CHECK(comment.created_at == *s.now);
    }
  });
  must(post(*store, draft("1", "a", "key")));
  CHECK(seen == Texts{"1/1 a v1"});
  must(post(*store, draft("1", "a", "key")));
  CHECK_FALSE(post(*store, draft("1", "b", "key")));
  must(post(*store, draft("2", "c")));
  must(post(*store, draft("1", "d")));
  CHECK(seen == Texts{"1/1 a v1", "2/1 c v1", "1/2 d v2"});
  store->observe(nullptr);
  must(post(*store, draft("1", "e")));
  CHECK(seen.size() == 3);
}

}  // namespace comments::tests
