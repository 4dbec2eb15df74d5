#include "tests/support/api_calls.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

class BrokenStore final : public Store {
 public:
  void post(Draft, Posted posted) override { posted(failure()); }
  Result<Page> list(const ListQuery&) override { return failure(); }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId>) override { return failure(); }
  void observe(Observer) override {}
  std::uint64_t id() const override { return 1; }
  StoreHealth health() const override { return {.reads = false, .writes = false}; }

 private:
  static Error failure() {
    return {ErrorCode::unavailable, "the store is gone; retry", "errno 5, /secret/path"};
  }
};

}  // namespace

TEST_CASE("a post is answered as the seed did, with the comment's place in headers", "[api]") {
  ApiCalls api;
  const auto response = api.say("first post!");
  CHECK(response.status == 200);
  CHECK(response.body ==
        "{\"message\":\"comment created and associated with content_id "
        "1\",\"status\":\"SUCCESS\"}\n");
  CHECK(header(response, "Location") == "/api/comment/list/1/1");
  CHECK(header(response, "ETag") == header(api.get("/api/comment/list/1"), "ETag"));
}

TEST_CASE("a list is the seed's array; a page's surroundings travel in headers", "[api]") {
  ApiCalls api;
  for (const auto* text : {"one", "two", "three"}) {
    api.say(text);
  }
  const auto all = api.get("/api/comment/list/1");
  CHECK(all.body ==
        "[{\"comment\":\"one\",\"email\":\"a@b\"},{\"comment\":\"two\",\"email\":\"a@b\"},"
        "{\"comment\":\"three\",\"email\":\"a@b\"}]\n");
  CHECK(header(all, "X-Total-Count") == "3");
  CHECK(header(all, "Link").empty());

  const auto page = api.get("/api/comment/list/1?limit=1&after=1");
  CHECK(page.body == "[{\"comment\":\"two\",\"email\":\"a@b\"}]\n");
  CHECK(header(page, "X-Total-Count") == "3");
  CHECK(header(page, "Link") ==
        "</api/comment/list/1?limit=1&after=2>; rel=\"next\", "
        "</api/comment/list/1?limit=1&before=2>; rel=\"prev\"");
  CHECK(api.get("/api/comment/list/1?after=3").body == "[]\n");
  CHECK(api.get("/api/comment/list/1?after=1&order=desc").body ==
        "[{\"comment\":\"three\",\"email\":\"a@b\"},{\"comment\":\"two\",\"email\":\"a@b\"}]\n");
  CHECK(api.get("/api/comment/list/1?before=3").body ==
        "[{\"comment\":\"one\",\"email\":\"a@b\"},{\"comment\":\"two\",\"email\":\"a@b\"}]\n");
}

TEST_CASE("a whole list is longer than a page", "[api]") {
  ApiCalls api;
  for (int i = 0; i < 2'500; ++i) {
    must(post(api.store(), draft("1", std::to_string(i))));
  }
  const auto comments_in = [&](std::string_view target) {
    const auto body = api.get(target).body;
    return std::count(body.begin(), body.end(), '{');
  };
  CHECK(comments_in("/api/comment/list/1") == 2'500);
  CHECK(comments_in("/api/comment/list/1?order=desc") == 2'500);
  CHECK(comments_in("/api/comment/list/1?after=400") == 2'100);
  CHECK(comments_in("/api/comment/list/1?before=2201&order=desc") == 2'200);
  CHECK(comments_in("/api/comment/list/1?after=100&before=2000") == 1'899);
  CHECK(api.get("/api/comment/list/1?order=desc").body.starts_with("[{\"comment\":\"2499\""));
}

TEST_CASE("who has the current version gets a 304 without a body", "[api]") {
  ApiCalls api;
  api.say("one");
  const auto tag = header(api.get("/api/comment/list/1"), "ETag");
  const auto unchanged = api.get("/api/comment/list/1", {{"If-None-Match", tag}});
  CHECK(unchanged.status == 304);
  CHECK(unchanged.body.empty());
  CHECK(header(unchanged, "ETag") == tag);
  CHECK_FALSE(header(unchanged, "Cache-Control").empty());
  CHECK(api.get("/api/comment/list/1?view=full", {{"If-None-Match", tag}}).status == 200);
  api.say("two");
  CHECK(api.get("/api/comment/list/1", {{"If-None-Match", tag}}).status == 200);

  const auto one = api.get("/api/comment/list/1/1");
  CHECK(api.get("/api/comment/list/1/1", {{"If-None-Match", header(one, "ETag")}}).status == 304);
}

TEST_CASE("the same idempotency key answers the same", "[api]") {
  ApiCalls api;
  const auto first = api.say("hello", {{"Idempotency-Key", "k"}});
  const auto again = api.say("hello", {{"Idempotency-Key", "k"}});
  CHECK(again.body == first.body);
  CHECK(header(again, "Location") == header(first, "Location"));
  CHECK(api.say("other", {{"Idempotency-Key", "k"}}).status == 422);
}

TEST_CASE("an idempotency key is one header with 1 to 255 visible characters", "[api]") {
  ApiCalls api;
  const auto refused = [&](std::vector<net::HeaderView> headers, std::string_view why) {
    const auto response = api.say("hello", std::move(headers));
    CAPTURE(response.body);
    return response.status == 400 && response.body.find(why) != std::string::npos;
  };
  const std::string too_long(256, 'k');
  constexpr std::string_view kRule = "Idempotency-Key must be 1 to 255 visible ASCII characters";
  CHECK(refused({{"Idempotency-Key", ""}}, kRule));
  CHECK(refused({{"Idempotency-Key", "not visible"}}, kRule));
  CHECK(refused({{"Idempotency-Key", too_long}}, kRule));
  CHECK(refused({{"Idempotency-Key", "a"}, {"idempotency-key", "a"}},
                "send one Idempotency-Key, not several"));
  CHECK(api.get("/api/comment/list/1").status == 404);
}

TEST_CASE("a post must say that it is JSON", "[api]") {
  ApiCalls api;
  const auto status_with = [&](std::string_view type) {
    return api
        .send({.method = "POST",
               .target = "/api/comment/new",
               .headers = {{"Content-Type", type}},
               .body = R"({"email":"a@b","content_id":1,"comment":"c"})"})
        .status;
  };
  CHECK(status_with("application/json") == 200);
  CHECK(status_with("Application/JSON ; charset=utf-8") == 200);
  CHECK(status_with("text/plain") == 415);
  CHECK(status_with("application/x-www-form-urlencoded") == 415);
  CHECK(status_with("application/jsonp") == 415);
  CHECK(status_with("") == 415);
}

TEST_CASE("a request's id is in every error, and only where no cache could replay it", "[api]") {
  ApiCalls api;
  api.say("one");
  const auto error = api.get("/nowhere");
  const auto id = header(error, "X-Request-Id");
  CHECK(id.size() == 16);
  CHECK(error.body.find("\"request_id\":\"" + id + "\"") != std::string::npos);
  CHECK(header(api.get("/nowhere", {{"X-Request-Id", "mine.1"}}), "X-Request-Id") == "mine.1");
  CHECK(header(api.get("/nowhere", {{"X-Request-Id", "not mine!"}}), "X-Request-Id") !=
        "not mine!");

  CHECK(header(api.get("/api/comment/list/1"), "X-Request-Id").empty());
  CHECK(header(api.get("/api/comment/list/1", {{"X-Request-Id", "mine.1"}}), "X-Request-Id") ==
        "mine.1");
  CHECK_FALSE(header(api.say("two"), "X-Request-Id").empty());
}

TEST_CASE("no answer is sniffed or run", "[api]") {
  ApiCalls api;
  for (const auto& response :
       {api.say("<script>"), api.get("/api/comment/list/1"), api.get("/nowhere")}) {
    CHECK(header(response, "X-Content-Type-Options") == "nosniff");
    CHECK(header(response, "Content-Security-Policy") == "default-src 'none'");
  }
}

TEST_CASE("another method says which ones there are", "[api]") {
  ApiCalls api;
  const auto refused = api.send({.method = "PUT", .target = "/api/comment/new"});
  CHECK(refused.status == 405);
  CHECK(header(refused, "Allow") == "POST, OPTIONS");
  const auto options = api.send({.method = "OPTIONS", .target = "/api/comment/list/1"});
  CHECK(options.status == 204);
  CHECK(header(options, "Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a fault of the connection is worded like every other error", "[api]") {
  ApiCalls api;
  for (const int status : {400, 408, 413, 414, 431, 500, 501, 505}) {
    const auto response = api.send({.fault = status});
    CAPTURE(response.body);
    CHECK(response.status == status);
    CHECK(response.body.starts_with("{\"message\":\""));
  }
}

TEST_CASE("addresses are shown as the service is set to show them", "[api]") {
  ApiCalls hidden(make_memory_store(), {.emails = EmailVisibility::hidden});
  hidden.say("one");
  CHECK(hidden.get("/api/comment/list/1").body == "[{\"comment\":\"one\",\"email\":\"\"}]\n");
  CHECK(hidden.get("/api/comment/list/1/1").body.find("a@b") == std::string::npos);
}

TEST_CASE("a store that fails is a 503 that says when to come back, and no more", "[api]") {
  ApiCalls api(std::make_unique<BrokenStore>());
  for (const auto& response :
       {api.say("one"), api.get("/api/comment/list/1"), api.get("/api/comment/list/1/1"),
        api.get("/api/comment/count?content_id=1")}) {
    CHECK(response.status == 503);
    CHECK(header(response, "Retry-After") == "1");
    CHECK(response.body.find("the store is gone; retry") != std::string::npos);
    CHECK(response.body.find("secret") == std::string::npos);
  }
}

}  // namespace comments::tests
