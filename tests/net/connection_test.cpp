// The engine over real sockets: what a connection may do, and what ends it.
#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "core/net/feed.h"
#include "core/net/response_text.h"
#include "core/net/server.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/raw_http.h"

namespace comments::net {
namespace {

using std::chrono::milliseconds;
using tests::answer_to;
using tests::must;
using tests::RawConnection;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kLastGet = "GET /z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

// Deadlines short enough to wait for.
ReactorOptions impatient() {
  return {.connection = {.transfer_time = milliseconds(300),
                         .idle_time = milliseconds(300),
                         .heartbeat_every = milliseconds(300),
                         .linger_time = milliseconds(300),
                         .drain_patience = milliseconds(300)}};
}

std::unique_ptr<Server> serve(Handler handler, ReactorOptions options = {},
                              Shortcut shortcut = {}) {
  return must(Server::start({.reactors = 2, .reactor = std::move(options)}, std::move(handler),
                            std::move(shortcut)));
}

// The path, or the fault.
void echo(const Request& request, const Reply& reply) {
  reply({.status = request.fault == 0 ? 200 : request.fault,
         .content_type = "text/plain",
         .body = "<" + std::string(request.target) + std::string(request.body) + ">"});
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("pipelined requests are answered in order, in one packet or byte by byte", "[net]") {
  const bool late = GENERATE(false, true);
  std::vector<std::jthread> threads;
  std::mutex mutex;
  const auto server = serve([&](const Request& request, const Reply& reply) {
    if (!late) {
      return echo(request, reply);
    }
    const std::lock_guard lock(mutex);
    threads.emplace_back([reply, target = std::string(request.target)] {
      reply({.content_type = "text/plain", .body = "<" + target + ">"});
    });
  });
  std::string requests;
  for (char name = '0'; name < '9'; ++name) {
    requests += std::string("GET /") + name + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  requests += kLastGet;
  const std::size_t step = GENERATE(std::size_t{1}, std::size_t{40}, std::size_t{10'000});
  RawConnection connection(server->port());
  for (std::size_t at = 0; at < requests.size(); at += step) {
    connection.send(std::string_view(requests).substr(at, step));
  }
  const auto answers = connection.read_all();
  std::size_t last = 0;
  for (const char name : std::string("012345678z")) {
    const auto at = answers.find(std::string("</") + name + ">");
    REQUIRE(at != std::string::npos);
    CHECK(at >= last);
    last = at;
  }
}

TEST_CASE("who sends nothing is let go, who sends by drops is told why", "[net]") {
  const auto server = serve(echo, impatient());
  CHECK(RawConnection(server->port()).read_all().empty());
  RawConnection head(server->port());
  head.send("GET / HT");
  CHECK(head.read_all().starts_with("HTTP/1.1 408"));
  RawConnection body(server->port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12");
  CHECK(body.read_all().starts_with("HTTP/1.1 408"));
}

TEST_CASE("a body that is announced too large is refused before it is read", "[net]") {
  const auto server = serve(echo);
  RawConnection connection(server->port());
  connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" +
                  std::string(50'000, 'x'));
  CHECK(connection.read_all().starts_with("HTTP/1.1 413"));
}

TEST_CASE("100 Continue comes before the body is sent", "[net]") {
  const auto server = serve(echo);
  RawConnection connection(server->port());
  connection.send(
      "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
      "Content-Length: 4\r\n\r\n");
  CHECK(connection.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("body");
  CHECK(connection.read_all().ends_with("</pbody>"));
}

TEST_CASE("a client that has ended its side still gets its answers", "[net]") {
  std::promise<Reply> held;
  const auto server = serve([&](const Request& request, const Reply& reply) {
    request.target == "/z" ? held.set_value(reply) : echo(request, reply);
  });
  RawConnection connection(server->port());
  connection.send(std::string(kGet) + std::string(kLastGet));
  connection.end_input();
  held.get_future().get()({.content_type = "text/plain", .body = "late"});
  const auto answers = connection.read_all();
  CHECK(count(answers, "HTTP/1.1 200") == 2);
  CHECK(answers.ends_with("late"));
}

TEST_CASE("an answer for a client that has gone harms nobody", "[net]") {
  std::promise<Reply> held;
  const auto server = serve([&](const Request& request, const Reply& reply) {
    request.target == "/z" ? held.set_value(reply) : echo(request, reply);
  });
  Reply late;
  {
    RawConnection connection(server->port());
    connection.send(kLastGet);
    late = held.get_future().get();
    connection.reset_on_close();
  }
  CHECK(answer_to(server->port(), "GET /n HTTP/1.0\r\n\r\n").ends_with("</n>"));
  late({.content_type = "text/plain", .body = "for nobody"});
  late = nullptr;
  CHECK(answer_to(server->port(), "GET /m HTTP/1.0\r\n\r\n").ends_with("</m>"));
}

TEST_CASE("a large shared body arrives whole, and a reader that stalls is cut", "[net]") {
  const auto large = std::make_shared<const std::string>(std::size_t{32} * 1024 * 1024, 'x');
  const auto server = serve(
      [&](const Request& request, const Reply& reply) {
        request.fault != 0 ? echo(request, reply)
                           : reply({.content_type = "text/plain",
                                    .shared = {.owner = large, .bytes = *large},
                                    .body = "end"});
      },
      impatient());
  RawConnection stalled(server->port());
  stalled.send(kGet);
  const auto answer = answer_to(server->port(), kLastGet);
  CHECK(answer.ends_with("xend"));
  CHECK(answer.size() > large->size());
}

TEST_CASE("an answer that is ready does not trouble the handler", "[net]") {
  const auto server = serve(echo, {}, [](const Request& request) -> std::optional<Response> {
    if (request.target != "/z") {
      return std::nullopt;
    }
    Response first{.content_type = "text/plain", .headers = {{"X-A", "1"}}, .body = "ready"};
    return Response{.headers = {{"X-B", "2"}},
                    .head = std::make_shared<const std::string>(head_text(first)),
                    .body = "ready"};
  });
  const auto answers = [&] {
    RawConnection connection(server->port());
    connection.send(std::string(kGet) + std::string(kLastGet));
    return connection.read_all();
  }();
  CHECK(answers.find("</a>") != std::string::npos);
  CHECK(count(answers, "X-A: 1\r\nX-B: 2\r\n") == 1);
  CHECK(answers.ends_with("ready"));
}

TEST_CASE("connections beyond the limit are told so at once, and others go on", "[net]") {
  const auto server = serve(echo, {.max_connections = 2});
  RawConnection first(server->port());
  RawConnection second(server->port());
  first.send(kGet);
  second.send(kGet);
  CHECK(first.read_until("</a>").starts_with("HTTP/1.1 200"));
  CHECK(second.read_until("</a>").starts_with("HTTP/1.1 200"));
  CHECK(RawConnection(server->port()).read_all().starts_with("HTTP/1.1 503"));
  first.send(kLastGet);
  CHECK(first.read_all().ends_with("</z>"));
}

TEST_CASE("followers get every event, in order, then heartbeats, then a farewell", "[net]") {
  const auto feed = Feed::make();
  auto server = serve(
      [&](const Request&, const Reply& reply) {
        reply({.content_type = "text/event-stream",
               .body = "begin|",
               .follow = Following{.feed = feed, .after = 2, .heartbeat = ".", .farewell = "bye"}});
      },
      impatient());
  for (int id = 1; id <= 5; ++id) {
    feed->publish(id, std::to_string(id) + "|");
  }
  RawConnection follower(server->port());
  follower.send(kGet);
  CHECK(follower.read_until("5|").ends_with("\r\n\r\nbegin|3|4|5|"));
  feed->publish(6, "6|");
  feed->publish(7, "7|");
  CHECK(follower.read_until("7|") == "6|7|");
  CHECK(follower.read_until("..") == "..");
  server->stop();
  const auto rest = follower.read_all();
  CHECK(rest.ends_with("bye"));
}

TEST_CASE("a follower too far behind is cut", "[net]") {
  const auto feed = Feed::make({.max_events = 2});
  for (int id = 1; id <= 5; ++id) {
    feed->publish(id, "e");
  }
  const auto server = serve([&](const Request&, const Reply& reply) {
    reply({.content_type = "text/event-stream", .body = "b", .follow = Following{.feed = feed}});
  });
  RawConnection follower(server->port());
  follower.send(kGet);
  CHECK(follower.read_all().ends_with("\r\n\r\nb"));
}

TEST_CASE("while draining, a request that is on its way is still answered, the last one", "[net]") {
  std::promise<Reply> held;
  auto server = serve([&](const Request& request, const Reply& reply) {
    request.target == "/z" ? held.set_value(reply) : echo(request, reply);
  });
  RawConnection idle(server->port());
  idle.send(kGet);
  idle.read_until("</a>");
  RawConnection busy(server->port());
  busy.send("GET /z HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto reply = held.get_future().get();
  auto stopped = std::async(std::launch::async, [&] { server->stop(); });
  idle.send(kGet);
  CHECK(idle.read_all().ends_with("</a>"));
  reply({.content_type = "text/plain", .body = "late"});
  const auto answer = busy.read_all();
  CHECK(answer.find("Connection: close") != std::string::npos);
  CHECK(answer.ends_with("late"));
  stopped.get();
  CHECK(server->connections() == 0);
}

TEST_CASE("connections may knock until the very end, and meanwhile others are handed on", "[net]") {
  auto server = serve(echo);
  std::atomic<bool> knocked = false;
  constexpr int kClients = 4;
  std::vector<std::jthread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&](const std::stop_token& ended) {
      while (!ended.stop_requested()) {
        try {
          const RawConnection connection(server->port());
          knocked = true;
          knocked.notify_one();
        } catch (const std::runtime_error&) {
          return;  // nobody listens any more
        }
      }
    });
  }
  knocked.wait(false);
  server->stop();
  clients.clear();
  CHECK(server->connections() == 0);
}

TEST_CASE("a method that nobody knows is not implemented", "[net]") {
  const auto server = serve(echo);
  CHECK(answer_to(server->port(), "BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .starts_with("HTTP/1.1 501"));
}

TEST_CASE("a client that ends its side with its last request is answered and closed at once",
          "[net]") {
  const auto server = serve(echo, {.connection = {.idle_time = std::chrono::hours(1)}});
  for (int i = 0; i < 50; ++i) {
    RawConnection connection(server->port());
    connection.send(kGet);
    connection.end_input();
    CHECK(connection.read_all().ends_with("</a>"));
  }
}

}  // namespace comments::net
