#include "core/client/fetch.h"

#include <thread>

#include "core/net/server.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/silent_server.h"

namespace comments::tests {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<net::Server> serve(net::Handler handler) {
  return must(net::Server::start({.reactors = 1}, std::move(handler)));
}

ServiceUrl url_of(int port, std::string prefix = "") {
  return {"http://127.0.0.1:" + std::to_string(port), std::move(prefix)};
}

}  // namespace

TEST_CASE("what stands at a URL comes as it is, whatever its status", "[client]") {
  const auto server = serve([](const net::Request& request, const net::Reply& reply) {
    reply({.status = 503, .content_type = "text/plain", .body = std::string(request.target)});
  });
  const auto answer = must(fetch(url_of(server->port(), "/prefix"), "/metrics"));
  CHECK(answer.status == 503);
  CHECK(answer.body == "/prefix/metrics");
}

TEST_CASE("a redirection is an answer, and is not followed", "[client]") {
  int requests = 0;
  const auto server = serve([&](const net::Request&, const net::Reply& reply) {
    ++requests;
    reply({.status = 302, .headers = {{"Location", "/elsewhere"}}});
  });
  CHECK(must(fetch(url_of(server->port()), "/")).status == 302);
  CHECK(requests == 1);
}

TEST_CASE("an answer may be as long as the limit, and not a byte longer", "[client]") {
  const auto server = serve([](const net::Request&, const net::Reply& reply) {
    reply({.content_type = "text/plain", .body = std::string(100'000, 'x')});
  });
  const auto url = url_of(server->port());
  CHECK(must(fetch(url, "/", {.bytes = 100'000})).body.size() == 100'000);
  const auto refused = fetch(url, "/", {.bytes = 99'999});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(refused.error().message == "the answer of " + url.origin + "/ is longer than 99999 bytes");
}

TEST_CASE("nobody at the address is unavailable, and is named", "[client]") {
  const auto url = url_of(SilentServer().port());  // gone again
  const auto refused = fetch(url, "/");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(refused.error().message.starts_with("cannot reach " + url.origin + ": "));
}

TEST_CASE("a server that says nothing, or never enough, is given up when the time is over",
          "[client]") {
  const auto* answer = GENERATE("", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\nbegin");
  const SilentServer server(answer);
  const auto refused = fetch(url_of(server.port()), "/", {.time = milliseconds(50)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("has given no whole answer within 50 ms") !=
        std::string::npos);
}

TEST_CASE("a byte now and then buys a server no time", "[client]") {
  const SilentServer server("HTTP/1.1 200 OK\r\nX: ", milliseconds(5));
  const auto refused = fetch(url_of(server.port()), "/", {.time = milliseconds(200)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("has given no whole answer within 200 ms") !=
        std::string::npos);
}

}  // namespace comments::tests
