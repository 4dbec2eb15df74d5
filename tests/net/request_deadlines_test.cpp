// A deadline stands from the beginning of its own request: one connection, and the test's clock.
#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/connection.h"
#include "tests/support/catch.h"

namespace comments::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kPost = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";

// Both ends of a connection, without a reactor: time passes when the test says so.
class Client {
 public:
  Client() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) == 0);
    connection_ = std::make_unique<Connection>(ends_[0], 1, "192.0.2.1", around_);
  }
  ~Client() {
    connection_.reset();
    ::close(ends_[1]);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    REQUIRE(::send(ends_[1], bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    connection_->on_readable();
  }

  void wait(milliseconds time) {
    around_.now += time;
    deadlines_.advance(around_.now, [&](Deadlines::Entry&) { connection_->on_deadline(); });
  }

  // The statuses of the answers since the last call.
  std::vector<std::string> statuses() {
    std::array<char, 65'536> room{};
    const auto got = ::recv(ends_[1], room.data(), room.size(), 0);
    const std::string_view text(room.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    constexpr std::string_view kVersion = "HTTP/1.1 ";
    std::vector<std::string> statuses;
    for (auto at = text.find(kVersion); at != std::string_view::npos;
         at = text.find(kVersion, at + 1)) {
      statuses.emplace_back(text.substr(at + kVersion.size(), 3));
    }
    return statuses;
  }

 private:
  std::array<int, 2> ends_{};
  const ConnectionOptions options_{};
  const Handler handler_ = [](const Request& request, const Reply& reply) {
    reply({.status = request.fault == 0 ? 200 : request.fault});
  };
  const Shortcut no_shortcut_;
  Deadlines deadlines_{TimePoint{}};
  ReactorCounts counts_;
  Surroundings around_{.options = options_,
                       .handler = handler_,
                       .shortcut = no_shortcut_,
                       .mailbox = std::make_shared<Mailbox>(),
                       .deadlines = deadlines_,
                       .counts = counts_,
                       .now = TimePoint{},
                       .date = "now",
                       .input = std::string(65'536, '\0'),
                       .output = {}};
  std::unique_ptr<Connection> connection_;
};

using Statuses = std::vector<std::string>;

}  // namespace

TEST_CASE("who completes each request in time may always have begun the next", "[net]") {
  const auto request = GENERATE(as<std::string_view>{}, kGet, kPost);
  const std::size_t part = GENERATE_COPY(as<std::size_t>{}, 10, request.size() - 2);
  Client client;
  client.send(std::string(request) + std::string(request.substr(0, part)));
  CHECK(client.statuses() == Statuses{"200"});
  for (int round = 0; round < 30; ++round) {
    client.wait(seconds(5));
    client.send(std::string(request.substr(part)) + std::string(request.substr(0, part)));
    REQUIRE(client.statuses() == Statuses{"200"});
  }
}

TEST_CASE("who does not complete a request is told so, however many came before it", "[net]") {
  const auto request = GENERATE(as<std::string_view>{}, kGet, kPost);
  Client client;
  client.send(std::string(request) + std::string(request.substr(0, request.size() - 2)));
  CHECK(client.statuses() == Statuses{"200"});
  client.wait(seconds(9));
  CHECK(client.statuses().empty());
  client.wait(seconds(2));
  CHECK(client.statuses() == Statuses{"408"});
}

TEST_CASE("drops do not move the deadline of the request they belong to", "[net]") {
  Client client;
  client.send(kGet);
  client.statuses();
  for (std::size_t i = 0; i < 9; ++i) {
    client.send(kGet.substr(i, 1));
    client.wait(seconds(1));
  }
  CHECK(client.statuses().empty());
  client.wait(seconds(2));
  CHECK(client.statuses() == Statuses{"408"});
}

}  // namespace comments::net
