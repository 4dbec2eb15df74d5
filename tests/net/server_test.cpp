#include "core/net/server.h"

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/raw_http.h"

namespace comments::net {
namespace {

using tests::answer_to;
using tests::must;

constexpr auto kClose = "Host: x\r\nConnection: close\r\n\r\n";

std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {.reactors = 2}) {
  return must(Server::start(std::move(options), std::move(handler)));
}

// Answers with what it saw.
void echo(const Request& request, const Reply& reply) {
  reply({.content_type = "text/plain",
         .body = std::string(request.method) + " " + std::string(request.target) + " [" +
                 std::string(request.header("x-name")) + "] " + std::string(request.body) + " " +
                 std::string(request.peer) + " " + std::to_string(request.fault)});
}

bool ends_with(const std::string& text, std::string_view end) {
  CAPTURE(text);
  CHECK(text.ends_with(end));
  return text.ends_with(end);
}

}  // namespace

TEST_CASE("the handler sees the request as it was sent", "[net]") {
  const auto server = serve(echo);
  ends_with(answer_to(server->port(),
                      std::string("GET /a%2Fb?c=%20d HTTP/1.1\r\nX-Name: v\r\n") + kClose),
            "GET /a%2Fb?c=%20d [v]  127.0.0.1 0");
  ends_with(answer_to(server->port(),
                      std::string("POST /p HTTP/1.1\r\nContent-Length: 4\r\n") + kClose + "body"),
            "POST /p [] body 127.0.0.1 0");
}

TEST_CASE("an answer may come later, from another thread", "[net]") {
  std::vector<std::jthread> threads;
  const auto server = serve([&](const Request&, Reply reply) {
    threads.emplace_back(
        [reply = std::move(reply)] { reply({.content_type = "text/plain", .body = "later"}); });
  });
  ends_with(answer_to(server->port(), std::string("GET / HTTP/1.1\r\n") + kClose), "later");
}

TEST_CASE("what goes in and out is counted, and still known when the server has stopped", "[net]") {
  const auto server = serve(echo);
  const auto answer = answer_to(
      server->port(), std::string("POST /p HTTP/1.1\r\nContent-Length: 4\r\n") + kClose + "body");
  const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
  answer_to(server->port(), std::string("HEAD /p HTTP/1.1\r\n") + kClose);
  server->stop();
  CHECK(server->counts().connections == 2);
  CHECK(server->counts().request_body_bytes == 4);
  CHECK(server->counts().response_body_bytes == static_cast<std::int64_t>(body.size()));
  CHECK(server->counts().active_requests == 0);
}

TEST_CASE("a request is active until its answer comes, or nobody waits for it any more", "[net]") {
  std::promise<Reply> asked;
  const auto server =
      serve([&](const Request&, Reply reply) { asked.set_value(std::move(reply)); });
  auto answer = std::async(std::launch::async, [&] {
    return answer_to(server->port(), std::string("GET / HTTP/1.1\r\n") + kClose);
  });
  const auto reply = asked.get_future().get();
  CHECK(server->counts().active_requests == 1);
  reply({.content_type = "text/plain", .body = "later"});
  ends_with(answer.get(), "later");
  CHECK(server->counts().active_requests == 0);
}

TEST_CASE("a request that is no good HTTP reaches the handler as a fault", "[net]") {
  const auto server = serve(echo);
  CHECK(answer_to(server->port(), "nonsense\r\n\r\n").find(" 400") != std::string::npos);
  CHECK(answer_to(server->port(), "GET /" + std::string(10'000, 'x') + " HTTP/1.1\r\n" + kClose)
            .find(" 414") != std::string::npos);
  CHECK(answer_to(server->port(), "POST / HTTP/1.1\r\nContent-Length: 70000\r\n" +
                                      std::string(kClose) + std::string(70'000, 'x'))
            .find(" 413") != std::string::npos);
}

TEST_CASE("HEAD is GET without its body", "[net]") {
  const auto server = serve(echo);
  const auto answer = answer_to(server->port(), std::string("HEAD /x HTTP/1.1\r\n") + kClose);
  CHECK(answer.find("Content-Length: ") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("a body is sent as it is: no ranges, no compression on the way", "[net]") {
  const auto server = serve(echo);
  const auto answer = answer_to(
      server->port(),
      std::string("GET /x HTTP/1.1\r\nRange: bytes=0-1\r\nAccept-Encoding: br, gzip\r\n") + kClose);
  CHECK(answer.starts_with("HTTP/1.1 200"));
  ends_with(answer, "GET /x []  127.0.0.1 0");
}

TEST_CASE("an exception in the handler tells the client nothing", "[net]") {
  const auto server = serve([](const Request& request, const Reply& reply) {
    if (request.fault == 0) {
      throw std::runtime_error("password=hunter2");
    }
    echo(request, reply);
  });
  const auto answer = answer_to(server->port(), std::string("GET / HTTP/1.1\r\n") + kClose);
  CHECK(answer.find("hunter2") == std::string::npos);
  ends_with(answer, " 500");
}

TEST_CASE("a handler that forgets to answer is a 500, not a hanging client", "[net]") {
  const auto server = serve([](const Request& request, const Reply& reply) {
    if (request.fault != 0) {
      echo(request, reply);
    }
  });
  ends_with(answer_to(server->port(), std::string("GET / HTTP/1.1\r\n") + kClose), " 500");
}

TEST_CASE("a port that is taken is an error at once", "[net]") {
  const auto first = serve(echo);
  const auto second = Server::start({.port = first->port()}, echo);
  REQUIRE_FALSE(second);
  CHECK(second.error().message == "port " + std::to_string(first->port()) + " is taken");
}

TEST_CASE("stopping lets what has begun be answered", "[net]") {
  std::promise<void> begun;
  std::promise<void> release;
  auto server = serve([&](const Request&, const Reply& reply) {
    begun.set_value();
    release.get_future().wait();
    reply({.content_type = "text/plain", .body = "answered"});
  });
  auto answer = std::async(std::launch::async, [port = server->port()] {
    return answer_to(port, std::string("GET / HTTP/1.1\r\n") + kClose);
  });
  begun.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server->stop(); });
  release.set_value();
  ends_with(answer.get(), "answered");
  stopped.get();
}

}  // namespace comments::net
