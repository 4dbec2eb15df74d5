// Long answers and the room they have: through the API, with the answers held as a slow reader
// would.
#include "tests/support/api_calls.h"
#include "tests/support/catch.h"
#include "tests/support/forwarding_store.h"

namespace comments::tests {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} * 1024 * 1024;
const net::HeaderView kGzip{"Accept-Encoding", "gzip"};

// The largest comment there is: 40 KB, 120 KB as JSON.
std::string huge() {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "\U0001f600";
  }
  return text;
}

// A thread 1 of `count` huge comments: 20 of them are a list of 2.3 MiB.
std::unique_ptr<Store> huge_comments(int count) {
  auto store = make_memory_store();
  for (int i = 0; i < count; ++i) {
    must(post(*store, draft("1", huge())));
  }
  return store;
}

// Notes how many comments were asked for at once.
class PieceStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  Result<Page> list(const ListQuery& query) override {
    largest = std::max(largest.load(), query.limit);
    return ForwardingStore::list(query);
  }

  std::atomic<int> largest = 0;
};

// Answers nobody before the gate is open.
class GatedStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  Result<Page> list(const ListQuery& query) override {
    open_.wait();
    return ForwardingStore::list(query);
  }

  std::promise<void> gate;

 private:
  const std::shared_future<void> open_ = gate.get_future().share();
};

bool is_refused(const net::Response& response) {
  return response.status == 503 && header(response, "Retry-After") == "1";
}

// The answer, as soon as there is room for it: whoever made the one before may hold it a moment
// longer than who was sent it.
net::Response granted(ApiCalls& api, std::string_view target) {
  auto response = api.begin(target);
  while (is_refused(response)) {
    response = api.begin(target);
  }
  CHECK(response.status == 200);
  return response;
}

}  // namespace

TEST_CASE("of big lists that are not kept, two are on their way at a time", "[api]") {
  ApiCalls api(huge_comments(20), {.cache = {.max_entry_bytes = kMebibyte}});
  const auto* const list = "/api/comment/list/1";
  const auto first = api.begin(list);
  auto second = std::optional(api.begin("/api/comment/list/1?limit=1000&order=desc"));
  CHECK(first.status == 200);
  CHECK(second->status == 200);
  for (const auto* target : {list, "/api/comment/list/1?limit=15"}) {
    CHECK(is_refused(api.begin(target)));
    CHECK(is_refused(api.begin(target, {kGzip})));
  }
  (void)granted(api, "/api/comment/list/1?limit=5");
  second.reset();  // its connection has closed
  (void)granted(api, list);
}

TEST_CASE("big lists that are kept take no place", "[api]") {
  ApiCalls api(huge_comments(20));
  std::vector<net::Response> held;
  for (int limit = 10; limit <= 20; ++limit) {
    held.push_back(api.begin("/api/comment/list/1?limit=" + std::to_string(limit)));
    CHECK(held.back().status == 200);
  }
}

TEST_CASE("whoever asks for one big list meanwhile shares it, and its place", "[api]") {
  auto gated = std::make_unique<GatedStore>(huge_comments(20));
  auto& gate = gated->gate;
  ApiCalls api(std::move(gated), {.cache = {.max_entry_bytes = kMebibyte}});
  std::vector<std::promise<net::Response>> readers(12);
  for (auto& reader : readers) {
    api.handle({.method = "GET", .target = "/api/comment/list/1"},
               [&](net::Response response) { reader.set_value(std::move(response)); });
  }
  gate.set_value();  // nobody has read before everybody has asked
  std::vector<net::Response> held;
  for (auto& reader : readers) {
    held.push_back(reader.get_future().get());
    CHECK(held.back().status == 200);
    CHECK(held.back().shared.bytes.data() == held.front().shared.bytes.data());
  }
  const auto in_the_second_place = api.begin("/api/comment/list/1");
  CHECK(in_the_second_place.status == 200);
  CHECK(is_refused(api.begin("/api/comment/list/1")));
}

TEST_CASE("beyond the memory that answers have, a list is refused until one has left", "[api]") {
  ApiCalls api(huge_comments(16), {.cache = {.max_bytes = 0, .bytes_beside = 2 * kMebibyte}});
  auto first = std::optional(api.begin("/api/comment/list/1?limit=7"));
  CHECK(first->status == 200);
  CHECK(is_refused(api.begin("/api/comment/list/1?limit=8")));
  (void)granted(api, "/api/comment/list/1?limit=1");
  first.reset();
  (void)granted(api, "/api/comment/list/1?limit=8");
  CHECK(is_refused(api.begin("/api/comment/list/1")));  // and one that never fits, always
}

TEST_CASE("what a follower catches up with takes room until it has left", "[api]") {
  ApiCalls api(huge_comments(100), {.cache = {.max_bytes = 0, .bytes_beside = 10 * kMebibyte}});
  const auto* const stream = "/api/comment/stream/1?after=0";
  std::vector<net::Response> held;
  held.push_back(api.begin(stream));
  CHECK(held.front().body_size() < 5 * kMebibyte);
  CHECK_FALSE(held.front().follow);  // there is more: come again
  held.push_back(api.begin(stream));
  CHECK(is_refused(api.begin(stream)));
  (void)granted(api, "/api/comment/stream/1?after=100");
  held.pop_back();
  (void)granted(api, stream);
}

TEST_CASE("a list is read in small pieces, and is the same", "[api]") {
  auto pieces = std::make_unique<PieceStore>(make_memory_store());
  const auto& largest = pieces->largest;
  ApiCalls api(std::move(pieces));
  constexpr int kComments = 300;
  for (int i = 1; i <= kComments; ++i) {
    must(post(api.store(), draft("1", std::to_string(i))));
  }
  // The texts of a list, joined.
  const auto texts = [&](std::string_view query) {
    const auto body = api.get("/api/comment/list/1" + std::string(query)).body;
    std::string all;
    for (auto at = body.find("\"comment\":\""); at != std::string::npos;
         at = body.find("\"comment\":\"", at + 1)) {
      const auto begin = at + 11;
      all += body.substr(begin, body.find('"', begin) - begin) + " ";
    }
    return all;
  };
  const auto numbers = [](int from, int to) {
    std::string all;
    for (int i = from; from <= to ? i <= to : i >= to; i += from <= to ? 1 : -1) {
      all += std::to_string(i) + " ";
    }
    return all;
  };
  CHECK(texts("") == numbers(1, 300));
  CHECK(texts("?order=desc") == numbers(300, 1));
  CHECK(texts("?limit=200") == numbers(1, 200));
  CHECK(texts("?limit=1000") == numbers(1, 300));
  CHECK(texts("?limit=200&order=desc") == numbers(300, 101));
  CHECK(texts("?limit=200&after=50") == numbers(51, 250));
  CHECK(texts("?limit=200&before=251") == numbers(51, 250));
  CHECK(texts("?limit=200&before=9000") == numbers(101, 300));
  CHECK(texts("?limit=200&before=100") == numbers(1, 99));
  CHECK(texts("?limit=200&before=251&order=desc") == numbers(250, 51));
  CHECK(texts("?limit=200&after=50&order=desc") == numbers(250, 51));
  CHECK(texts("?limit=200&after=200&order=desc") == numbers(300, 201));
  CHECK(texts("?limit=100&after=50&before=250") == numbers(51, 150));
  CHECK(texts("?limit=100&after=50&before=250&order=desc") == numbers(249, 150));
  CHECK(texts("?before=200") == numbers(1, 199));
  CHECK(texts("?after=100&order=desc") == numbers(300, 101));
  CHECK(texts("?after=300").empty());
  CHECK(texts("?limit=200&after=9223372036854775806").empty());
  CHECK(texts("?limit=200&before=0").empty());
  CHECK(header(api.get("/api/comment/list/1?limit=200&before=251"), "Link") ==
        "</api/comment/list/1?limit=200&after=250>; rel=\"next\", "
        "</api/comment/list/1?limit=200&before=51>; rel=\"prev\"");
  CHECK(largest <= 64);
}

}  // namespace comments::tests
