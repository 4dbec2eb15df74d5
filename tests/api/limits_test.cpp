// Who may post how often, and from where: limits and CORS, through the API.
#include "tests/support/api_calls.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

api::Options limited(api::RateLimits limits) {
  return {.rate_limits = limits};
}

net::Response say_from(ApiCalls& api, std::string_view peer, std::string_view forwarded,
                       std::string_view email = "a@b") {
  const auto body = R"({"comment":"c","content_id":1,"email":")" + std::string(email) + "\"}";
  return api.send(
      {.method = "POST",
       .target = "/api/comment/new",
       .headers = {{"Content-Type", "application/json"}, {"X-Forwarded-For", forwarded}},
       .body = body,
       .peer = peer});
}

// Each number's own.
std::string address_of(int number) {
  return std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) + "." +
         std::to_string(number & 255) + ".4";
}

net::Response from_page(ApiCalls& api, std::string_view origin, std::string_view method = "GET",
                        std::string_view target = "/api/comment/list/1") {
  return api.send({.method = method,
                   .target = target,
                   .headers = {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}}});
}

const auto* const kAllowed = "Access-Control-Allow-Origin";

}  // namespace

TEST_CASE("one address posts so often and no more; others, and reading, go on", "[api]") {
  ApiCalls api(make_memory_store(), limited({.per_address = 3}));
  for (int i = 0; i < 3; ++i) {
    CHECK(say_from(api, "192.0.2.1", "").status == 200);
  }
  const auto refused = say_from(api, "192.0.2.1", "");
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "20");
  CHECK(refused.body.find("RATE-LIMITED") != std::string::npos);
  CHECK(refused.body.find("come again in 20 s") != std::string::npos);
  CHECK(say_from(api, "192.0.2.2", "").status == 200);
  CHECK(api.get("/api/comment/list/1").status == 200);
}

TEST_CASE("however often an X-Forwarded-For is forged, it changes nothing", "[api]") {
  constexpr int kForged = 100'000;
  for (const int proxies : {0, 1}) {
    ApiCalls api(make_memory_store(), limited({.per_address = 10, .trusted_proxies = proxies}));
    const auto begin = std::chrono::steady_clock::now();
    int kept = 0;
    for (int i = 0; i < kForged; ++i) {
      kept += say_from(api, "192.0.2.1", address_of(i) + ", 203.0.113.9").status == 200;
    }
    // What was allowed at once, and what has become allowed since.
    const auto passed = std::chrono::steady_clock::now() - begin;
    CHECK(kept >= 10);
    CHECK(kept <= 10 + passed / std::chrono::seconds(6));
  }
}

TEST_CASE("a million addresses are each held to the limit, in memory that does not grow", "[api]") {
  constexpr std::size_t kMost = std::size_t{16} * 1024 * 1024;
  static_assert(2 * api::RateLimit::kBytes <= kMost);  // by address, and by e-mail
  api::PostLimits limits({.per_address = 1});
  int more = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto address = address_of(i);
    const net::Request request{.method = {}, .target = {}, .headers = {}, .peer = address};
    more += limits.count_sender(request).has_value() || !limits.count_sender(request).has_value();
  }
  CHECK(more == 0);
}

TEST_CASE("behind our proxy, each client has a limit of its own", "[api]") {
  ApiCalls api(make_memory_store(), limited({.per_address = 1, .trusted_proxies = 1}));
  CHECK(say_from(api, "10.0.0.1", "203.0.113.1").status == 200);
  CHECK(say_from(api, "10.0.0.1", "203.0.113.2").status == 200);
  CHECK(say_from(api, "10.0.0.1", "203.0.113.2").status == 429);
}

TEST_CASE("one e-mail address posts so often, from wherever and however it is written", "[api]") {
  ApiCalls api(make_memory_store(), limited({.per_email = 2}));
  CHECK(say_from(api, "192.0.2.1", "", "ann@example.com").status == 200);
  CHECK(say_from(api, "192.0.2.2", "", "Ann@Example.com").status == 200);
  const auto refused = say_from(api, "192.0.2.3", "", "ANN@example.com");
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "30");
  CHECK(refused.body.find("ann") == std::string::npos);
  CHECK(say_from(api, "192.0.2.1", "", "bob@example.com").status == 200);
}

TEST_CASE("unless an origin is listed, pages of other origins get nothing", "[api]") {
  ApiCalls api;
  api.say("one");
  for (const auto* method : {"GET", "OPTIONS"}) {
    const auto response = from_page(api, "https://news.example", method);
    CHECK(header(response, kAllowed).empty());
    CHECK(header(response, "Access-Control-Allow-Methods").empty());
  }
}

TEST_CASE("a listed origin may read, post and ask beforehand; another one may not", "[api]") {
  ApiCalls api(make_memory_store(),
               {.cors_origins = {"https://news.example", "http://localhost:3000"}});
  api.say("one");
  for (const auto* origin : {"https://news.example", "http://localhost:3000"}) {
    for (int i = 0; i < 2; ++i) {  // the second answer is a kept one
      const auto list = from_page(api, origin);
      CHECK(header(list, kAllowed) == origin);
      CHECK(header(list, "Access-Control-Expose-Headers").find("Link") != std::string::npos);
    }
    const auto preflight = from_page(api, origin, "OPTIONS", "/api/comment/new");
    CHECK(preflight.status == 204);
    CHECK(header(preflight, kAllowed) == origin);
    CHECK(header(preflight, "Access-Control-Allow-Methods") == "POST, OPTIONS");
    CHECK(header(preflight, "Access-Control-Allow-Headers").find("Idempotency-Key") !=
          std::string::npos);
    CHECK(header(from_page(api, origin, "GET", "/nowhere"), kAllowed) == origin);  // errors, too
  }
  for (const auto* origin : {"https://news.example.evil", "http://news.example", "null",
                             "https://news.example:444", "HTTPS://NEWS.EXAMPLE"}) {
    CAPTURE(origin);
    CHECK(header(from_page(api, origin), kAllowed).empty());
    CHECK(header(from_page(api, origin, "OPTIONS", "/api/comment/new"), kAllowed).empty());
  }
}

TEST_CASE("shared caches learn that the answer is for that origin", "[api]") {
  ApiCalls api(make_memory_store(), {.cors_origins = {"https://news.example"}});
  api.say("one");
  const auto vary = [&](std::vector<net::HeaderView> headers) {
    std::string all;
    for (const auto& [name, value] : api.get("/api/comment/list/1", std::move(headers)).headers) {
      all += name == "Vary" ? value + ";" : "";
    }
    return all;
  };
  for (const auto& seen : {vary({}), vary({{"Origin", "https://news.example"}})}) {
    CHECK(seen.find("Origin") != std::string::npos);
    CHECK(seen.find("Accept-Encoding") != std::string::npos);
  }
}

TEST_CASE("all origins may be allowed, which is the same for every cache", "[api]") {
  ApiCalls api(make_memory_store(), {.cors_origins = {"*"}});
  api.say("one");
  const auto list = from_page(api, "https://anybody.example");
  CHECK(header(list, kAllowed) == "*");
  CHECK(header(list, "Vary") == "Accept-Encoding");
  CHECK(header(list, "Access-Control-Allow-Credentials").empty());
}

}  // namespace comments::tests
