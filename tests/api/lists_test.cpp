// The lists' cache behind the API: the same answers, from memory.
#include <thread>

#include "tests/support/api_calls.h"
#include "tests/support/breakable_store.h"
#include "tests/support/catch.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/inflated.h"

namespace comments::tests {
namespace {

const net::HeaderView kGzip{"Accept-Encoding", "gzip"};

// As many comments as make a list worth compressing.
void fill(ApiCalls& api, int count, int from = 0) {
  for (int i = from; i < from + count; ++i) {
    api.say("comment number " + std::to_string(i) + " of the match");
  }
}

// Counts what is asked of it.
class CountingStore final : public ForwardingStore {
 public:
  CountingStore() : ForwardingStore(make_memory_store()) {}

  Result<Page> list(const ListQuery& query) override {
    ++lists;
    return ForwardingStore::list(query);
  }

  std::atomic<int> lists = 0;
};

}  // namespace

TEST_CASE("what was asked once is answered without the store until somebody posts", "[api]") {
  auto counting = std::make_unique<CountingStore>();
  const auto& lists = counting->lists;
  ApiCalls api(std::move(counting));
  api.say("one");
  for (const auto* target : {"/api/comment/list/1", "/api/comment/list/1?limit=5&view=full",
                             "/api/comment/list/nobody"}) {
    CAPTURE(target);
    const auto first = api.get(target);
    const int asked = lists;
    CHECK(api.is_ready(target));
    const auto second = api.get(target);
    CHECK(second.status == first.status);
    CHECK(second.body == first.body);
    CHECK(header(second, "ETag") == header(first, "ETag"));
    CHECK(api.get(target, {{"If-None-Match", header(first, "ETag")}}).status ==
          (first.status == 200 ? 304 : 404));
    CHECK(lists == asked);
  }
  api.say("two");
  CHECK_FALSE(api.is_ready("/api/comment/list/1"));
  CHECK(api.get("/api/comment/list/1?limit=5&view=full").body.find("two") != std::string::npos);
}

TEST_CASE("one list under different spellings is kept once", "[api]") {
  ApiCalls api;
  api.say("one");
  (void)api.get("/api/comment/list/1?limit=5");
  CHECK(api.is_ready("/api/comment/list/%31?limit=5"));
  CHECK(api.is_ready("/api/comment/list/1?utm_source=mail&limit=005&order=asc&view=seed"));
  CHECK_FALSE(api.is_ready("/api/comment/list/1?limit=6"));
  CHECK_FALSE(api.is_ready("/api/comment/list/1?limit=x"));
}

TEST_CASE("a list is compressed for who accepts it, under a tag of its own", "[api]") {
  ApiCalls api;
  fill(api, 50);
  const auto plain = api.get("/api/comment/list/1");
  const auto small = api.get("/api/comment/list/1", {kGzip});
  CHECK(header(plain, "Content-Encoding").empty());
  CHECK(header(small, "Content-Encoding") == "gzip");
  CHECK(header(small, "Content-Length") == std::to_string(small.body.size()));
  CHECK(small.body.size() < plain.body.size() / 4);
  CHECK(inflated(small.body) == plain.body);
  for (const auto& response : {plain, small}) {
    CHECK(header(response, "Vary") == "Accept-Encoding");
  }

  const auto tag = header(small, "ETag");
  CHECK(tag == header(plain, "ETag").insert(header(plain, "ETag").size() - 1, "-gz"));
  CHECK(api.get("/api/comment/list/1", {kGzip, {"If-None-Match", tag}}).status == 304);
  CHECK(api.get("/api/comment/list/1", {{"If-None-Match", tag}}).status == 200);
}

TEST_CASE("a short list is not worth compressing", "[api]") {
  ApiCalls api;
  api.say("one");
  CHECK(header(api.get("/api/comment/list/1", {kGzip}), "Content-Encoding").empty());
  CHECK(api.is_ready("/api/comment/list/1", {kGzip}));
  CHECK(api.get("/api/comment/list/2", {kGzip}).status == 404);
}

TEST_CASE("a whole list grows by its new comments alone, compressed or not", "[api]") {
  auto counting = std::make_unique<CountingStore>();
  auto& lists = counting->lists;
  ApiCalls api(std::move(counting));
  fill(api, 2'500);
  (void)api.get("/api/comment/list/1", {kGzip});
  for (int round = 0; round < 20; ++round) {
    fill(api, 3, 2'500 + 3 * round);
    lists = 0;
    const auto plain = api.get("/api/comment/list/1");
    CHECK(lists == 1);
    CHECK(std::count(plain.body.begin(), plain.body.end(), '{') == 2'503 + 3 * round);
    CHECK(inflated(api.get("/api/comment/list/1", {kGzip}).body) == plain.body);
    CHECK(header(plain, "X-Total-Count") == std::to_string(2'503 + 3 * round));
  }
  // Grown or read afresh: the same bytes.
  CHECK(api.get("/api/comment/list/1").body == api.get("/api/comment/list/1?after=0").body);
}

TEST_CASE("who asks after an answered post sees it, whatever others do meanwhile", "[api]") {
  ApiCalls api;
  std::atomic<int> missed = 0;
  constexpr int kClients = 4;
  std::vector<std::thread> threads;
  threads.reserve(kClients);
  for (int me = 0; me < kClients; ++me) {
    threads.emplace_back([&, me] {
      for (int i = 0; i < 100; ++i) {
        const auto mine = std::to_string(me) + "-" + std::to_string(i) + ".";
        api.say(mine);
        const auto page = api.get("/api/comment/list/1?limit=100&order=desc").body;
        const auto whole = api.get("/api/comment/list/1").body;
        const auto small = inflated(api.get("/api/comment/list/1", {kGzip}).body).value_or(whole);
        for (const auto& body : {page, whole, small}) {
          missed += body.find('"' + mine) == std::string::npos;
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(missed == 0);
}

TEST_CASE("who has seen a comment elsewhere gets no list without it", "[api]") {
  // Commits come unannounced, as from another process.
  class SilentStore final : public ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;
    void observe(Observer) override {}
  };
  ApiCalls api(std::make_unique<SilentStore>(make_memory_store()));
  fill(api, 50);
  int number = 50;
  for (const auto* target : {"/api/comment/list/1", "/api/comment/list/1?limit=5&order=desc"}) {
    for (const auto& asked : {std::vector<net::HeaderView>(), {kGzip}}) {
      (void)api.get(target, asked);
      fill(api, 1, number++);
      auto seen = asked;
      const auto last = std::to_string(number);
      seen.emplace_back("X-Comments-Seen", last);
      CHECK(header(api.get(target, seen), "X-Total-Count") == last);
      CHECK(api.is_ready(target, seen));
    }
  }
}

TEST_CASE("what was never there is looked for once an answer, and nonsense not at all", "[api]") {
  auto counting = std::make_unique<CountingStore>();
  const auto& lists = counting->lists;
  ApiCalls api(std::move(counting));
  fill(api, 50);
  const auto* const list = "/api/comment/list/1";
  const auto plain = api.get(list).body;
  const int asked = lists;
  CHECK(api.get(list, {{"X-Comments-Seen", "1000000"}}).body == plain);
  CHECK(lists == asked + 1);
  CHECK(api.is_ready(list));
  CHECK(api.is_ready(list, {{"X-Comments-Seen", "50"}}));
  CHECK(api.is_ready(list, {{"X-Comments-Seen", "a million"}}));
}

TEST_CASE("while the store cannot be read, lists are answered from memory as they were", "[api]") {
  auto breakable = std::make_unique<BreakableStore>();
  auto& broken = breakable->broken;
  const auto& failures = breakable->failures;
  ApiCalls api(std::move(breakable));
  fill(api, 50);
  const auto* const list = "/api/comment/list/1";
  const auto before = api.get(list);
  const auto small = api.get(list, {kGzip});
  broken = true;
  const auto try_again = [&](const std::vector<net::HeaderView>& headers) {
    const int until = failures + 1;
    auto answer = api.get(list, headers);
    while (failures < until) {  // the store is not asked before the list is a moment old
      answer = api.get(list, headers);
    }
    return answer;
  };
  const auto stale = try_again({});
  CHECK(stale.status == 200);
  CHECK(stale.body == before.body);
  CHECK(stale.headers == before.headers);
  CHECK(try_again({kGzip}).body == small.body);
  CHECK(api.get("/api/comment/list/1?limit=5").status == 503);
  CHECK(api.get("/api/comment/list/2").status == 503);
  api.say("news");
  CHECK(api.get(list).status == 503);  // it would not show what was just acknowledged
  broken = false;
  CHECK(api.get(list).body.find("news") != std::string::npos);
}

TEST_CASE("without memory for it, every list comes from the store", "[api]") {
  ApiCalls api(make_memory_store(), {.cache = {.max_bytes = 0}});
  fill(api, 50);
  CHECK(api.get("/api/comment/list/1").status == 200);
  CHECK_FALSE(api.is_ready("/api/comment/list/1"));
  CHECK(inflated(api.get("/api/comment/list/1", {kGzip}).body) ==
        api.get("/api/comment/list/1").body);
}

}  // namespace comments::tests
