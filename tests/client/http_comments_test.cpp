// The client where the contract suite does not reach: servers that are away, busy, or strangers.
#include "core/client/http_comments.h"

#include <atomic>

#include "core/net/server.h"
#include "core/wire/bodies.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/live_service.h"

namespace comments::tests {
namespace {

std::unique_ptr<net::Server> serve(net::Handler handler) {
  return must(net::Server::start({.reactors = 1}, std::move(handler)));
}

std::unique_ptr<Comments> client_of(int port, int attempts = 3) {
  return make_http_comments({.url = {"http://127.0.0.1:" + std::to_string(port), ""},
                             .attempts = attempts,
                             .first_pause = std::chrono::milliseconds(1),
                             .longest_pause = std::chrono::milliseconds(2)});
}

net::Response text(int status, std::string body) {
  return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

}  // namespace

TEST_CASE("a post is tried again with the same key until it is answered", "[client]") {
  std::vector<std::string> keys;
  const auto server = serve([&](const net::Request& request, const net::Reply& reply) {
    keys.emplace_back(request.header("Idempotency-Key"));
    if (keys.size() < 3) {
      return reply(text(503, error_body(ErrorCode::unavailable, "not now", "r")));
    }
    auto response = text(200, created_body(content_id("1")));
    response.headers.emplace_back("Location", "/api/comment/list/1/7");
    reply(std::move(response));
  });
  CHECK(must(post(*client_of(server->port()), draft("1", "hello"))).id == 7);
  REQUIRE(keys.size() == 3);
  CHECK(keys[0].size() == 32);
  CHECK(keys[1] == keys[0]);
  CHECK(keys[2] == keys[0]);
}

TEST_CASE("a refusal is final", "[client]") {
  std::atomic<int> requests = 0;
  const auto server = serve([&](const net::Request&, const net::Reply& reply) {
    ++requests;
    reply(text(422, error_body(ErrorCode::idempotency_conflict, "another comment", "r")));
  });
  const auto refused = post(*client_of(server->port()), draft("1", "hello", "key"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::idempotency_conflict);
  CHECK(refused.error().message == "another comment");
  CHECK(requests == 1);
}

TEST_CASE("a service that stays busy is unavailable after the last attempt", "[client]") {
  std::atomic<int> requests = 0;
  const auto server = serve([&](const net::Request&, const net::Reply& reply) {
    ++requests;
    reply(text(503, error_body(ErrorCode::overloaded, "too much", "r")));
  });
  const auto page = client_of(server->port(), 4)->list(query("1"));
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::overloaded);
  CHECK(requests == 4);
}

TEST_CASE("nobody at the address is unavailable, and the error names it", "[client]") {
  const int port = LiveService().port();  // free again
  const auto refused = post(*client_of(port), draft("1", "hello"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(refused.error().message.find("cannot reach http://127.0.0.1:" + std::to_string(port)) !=
        std::string::npos);
}

TEST_CASE("the client says how much of a thread it has seen", "[client]") {
  std::vector<std::string> said;
  const auto server = serve([&](const net::Request& request, const net::Reply& reply) {
    if (request.method == "POST") {
      auto response = text(200, created_body(content_id("1")));
      response.headers.emplace_back("Location", "/api/comment/list/1/7");
      return reply(std::move(response));
    }
    said.emplace_back(request.header("X-Comments-Seen"));
    auto response = text(200, "[]\n");
    response.headers.emplace_back("X-Total-Count", "9");
    reply(std::move(response));
  });
  const auto client = client_of(server->port());
  must(client->list(query("2")));
  must(post(*client, draft("1", "hello")));
  must(client->list(query("1")));
  must(client->list(query("1")));
  CHECK(said == std::vector<std::string>{"", "7", "9"});
}

TEST_CASE("a service below a prefix is asked there", "[client]") {
  std::string target;
  const auto server = serve([&](const net::Request& request, const net::Reply& reply) {
    target = request.target;
    reply(text(404, no_thread_body(content_id("1"))));
  });
  const auto client =
      make_http_comments({.url = {"http://127.0.0.1:" + std::to_string(server->port()), "/news"}});
  CHECK(must(client->list(query("1"))).total == 0);
  CHECK(target.starts_with("/news/api/comment/list/1?"));
}

TEST_CASE("another server's 404 is no empty thread, its 200 no success", "[client]") {
  const auto server = serve([&](const net::Request& request, const net::Reply& reply) {
    reply(request.method == "GET" ? text(404, "<html>not here</html>")
                                  : text(200, "<html>ok</html>"));
  });
  const auto client = client_of(server->port());
  const auto page = client->list(query("1"));
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::not_found);
  CHECK_FALSE(post(*client, draft("1", "hello")));
}

TEST_CASE("a redirect is not followed", "[client]") {
  std::atomic<int> requests = 0;
  const auto server = serve([&](const net::Request&, const net::Reply& reply) {
    ++requests;
    auto response = text(302, "");
    response.headers.emplace_back("Location", "/elsewhere");
    reply(std::move(response));
  });
  CHECK_FALSE(client_of(server->port())->list(query("1")));
  CHECK(requests == 1);
}

}  // namespace comments::tests
