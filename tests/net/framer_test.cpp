#include "core/net/framer.h"

#include "tests/support/catch.h"

namespace comments::net {
namespace {

using namespace std::string_literals;
using State = Framer::State;

constexpr Limits kLimits;

Framer framer_of(std::string_view bytes) {
  Framer framer(kLimits);
  framer.append(bytes);
  return framer;
}

// The status of the refusal; 0 where the bytes are a request, -1 where more is waited for.
int verdict(std::string_view bytes) {
  const auto framer = framer_of(bytes);
  switch (framer.state()) {
    case State::complete:
      return 0;
    case State::refused:
      return framer.refusal();
    default:
      return -1;
  }
}

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

std::string chunked(std::string_view body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

}  // namespace

TEST_CASE("a request is complete with its last byte, however it is cut", "[net]") {
  const auto requests = GENERATE(as<std::string>(), "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n",
                                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                                 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: t\r\n\r\n");
  Framer framer(kLimits);
  for (std::size_t i = 0; i + 1 < requests.size(); ++i) {
    framer.append(requests.substr(i, 1));
    REQUIRE(framer.state() != State::complete);
    REQUIRE(framer.state() != State::refused);
  }
  REQUIRE(framer.append(requests.substr(requests.size() - 1)) == State::complete);
  CHECK(framer.head().fields.front() == HeaderView{"Host", "x"});
  CHECK((framer.body().empty() || framer.body() == "hello"));
  CHECK(framer.pop() == State::empty);
  CHECK(framer.buffered() == 0);
}

TEST_CASE("pipelined requests come out one by one, in order", "[net]") {
  std::string bytes;
  for (int i = 0; i < 10; ++i) {
    bytes += i % 2 == 0 ? chunked("1\r\n" + std::to_string(i) + "\r\n0\r\n\r\n")
                        : post("Content-Length: 1\r\n", std::to_string(i));
  }
  auto framer = framer_of(bytes);
  for (int i = 0; i < 10; ++i) {
    REQUIRE(framer.state() == State::complete);
    CHECK(framer.body() == std::to_string(i));
    framer.pop();
  }
  CHECK(framer.state() == State::empty);
}

TEST_CASE("a complete request stays what it is while more arrives", "[net]") {
  auto framer = framer_of(get(""));
  framer.append(std::string(100'000, 'x'));
  REQUIRE(framer.state() == State::complete);
  CHECK(framer.head().method == "GET");
  CHECK(framer.head().fields.front() == HeaderView{"Host", "x"});
}

TEST_CASE("what two servers could read in two ways is refused", "[net]") {
  const auto [bytes, status] = GENERATE(table<std::string, int>({
      // request line
      {"GET /\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
      {" GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET nothing HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET http:/// HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET http://a@b@c/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / http/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/11\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1x\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTP/0.9\r\nHost: x\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"s, 400},
      // line ends
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400},
      {"\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      // Host
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {get("Host: y\r\n"), 400},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      // fields
      {get("X : y\r\n"), 400},
      {get("X\r\n"), 400},
      {get(": y\r\n"), 400},
      {get("X: y\r\n folded\r\n"), 400},
      {get("X: y\r\n\tfolded\r\n"), 400},
      {get("X\x01: y\r\n"), 400},
      {get("X: a\x01z\r\n"), 400},
      {get(std::string_view("X: a\0z\r\n", 8)), 400},
      // lengths
      {post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400},
      {post("Content-Length: 1\r\nContent-Length: 2\r\n", "x"), 400},
      {post("Content-Length: 1, 1\r\n", "x"), 400},
      {post("Content-Length: +1\r\n", "x"), 400},
      {post("Content-Length: -1\r\n", "x"), 400},
      {post("Content-Length: 0x1\r\n", "x"), 400},
      {post("Content-Length: 1 1\r\n", "x"), 400},
      {post("Content-Length:\r\n", "x"), 400},
      {post("Content-Length: 65537\r\n", ""), 413},
      {post("Content-Length: 99999999999999999999999999\r\n", ""), 413},
      // transfer codings
      {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: identity\r\n", ""), 501},
      {post("Transfer-Encoding:\r\n", ""), 501},
      {post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      // chunks
      {chunked("\r\n\r\n"), 400},
      {chunked("x\r\n\r\n"), 400},
      {chunked("0x1\r\nx\r\n0\r\n\r\n"), 400},
      {chunked("+1\r\nx\r\n0\r\n\r\n"), 400},
      {chunked("-1\r\nx\r\n0\r\n\r\n"), 400},
      {chunked(" 1\r\nx\r\n0\r\n\r\n"), 400},
      {chunked("1 \r\nx\r\n0\r\n\r\n"), 400},
      {chunked("1\nx\r\n0\r\n\r\n"), 400},
      {chunked("1;a\nb\r\nx\r\n0\r\n\r\n"), 400},
      {chunked("1\r\nxy\r\n0\r\n\r\n"), 400},
      {chunked("1\r\nx\n0\r\n\r\n"), 400},
      {chunked("1\r\nx0\r\n\r\n"), 400},
      {chunked("0\r\nno trailer\r\n\r\n"), 400},
      {chunked("0\r\nX : y\r\n\r\n"), 400},
      {chunked("10001\r\n"), 413},
      {chunked("ffffffffffffffff\r\n"), 413},
      {chunked("10000000000000001\r\n"), 413},
      {chunked(std::string(300, '0')), 400},
  }));
  CAPTURE(bytes);
  CHECK(verdict(bytes) == status);
}

TEST_CASE("what is unusual but clear is taken", "[net]") {
  const auto bytes = GENERATE(
      as<std::string>(), "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\r\nhost:x\r\nX:\t y \t\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
      "GET /\xC3\xA9 HTTP/1.1\r\nHost: x\r\n\r\n", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "000\r\n\r\n");
  CAPTURE(bytes);
  CHECK(verdict(bytes) == 0);
}

TEST_CASE("a target in absolute form loses its scheme and host", "[net]") {
  CHECK(framer_of("GET http://x:1/a?b HTTP/1.1\r\nHost: x\r\n\r\n").head().target == "/a?b");
  CHECK(framer_of("GET HTTPS://x HTTP/1.1\r\nHost: x\r\n\r\n").head().target == "/");
}

TEST_CASE("the connection is kept as its version and its options say", "[net]") {
  const auto kept = [](std::string_view bytes) { return framer_of(bytes).head().keep_alive; };
  CHECK(kept(get("")));
  CHECK_FALSE(kept(get("Connection: Close\r\n")));
  CHECK_FALSE(kept(get("Connection: keep-alive, close\r\n")));
  CHECK_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  CHECK(kept("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_CASE("a head has its limits, and says which", "[net]") {
  CHECK(verdict("GET /" + std::string(8'191, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n") == 0);
  CHECK(verdict("GET /" + std::string(8'192, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n") == 414);
  CHECK(verdict("GET /" + std::string(17'000, 'a')) == 414);
  CHECK(verdict(get("X: " + std::string(17'000, 'a'))) == 431);
  std::string fields;
  for (int i = 0; i < 99; ++i) {
    fields += "X: y\r\n";
  }
  CHECK(verdict(get(fields)) == 0);
  CHECK(verdict(get(fields + "X: y\r\n")) == 431);
}

TEST_CASE("a chunked body of any length holds no more memory than its limit", "[net]") {
  Framer framer(kLimits);
  framer.append(chunked(""));
  std::size_t most = 0;
  while (framer.state() != State::refused) {
    framer.append("1\r\nx\r\n");
    most = std::max(most, framer.buffered());
  }
  CHECK(framer.refusal() == 413);
  CHECK(most < kLimits.body + 1'000);
}

TEST_CASE("a client that expects 100 Continue is told once, if it waits", "[net]") {
  auto framer = framer_of(post("Content-Length: 1\r\nExpect: 100-continue\r\n", ""));
  CHECK(framer.take_expectation());
  CHECK_FALSE(framer.take_expectation());
  CHECK_FALSE(
      framer_of(post("Content-Length: 1\r\nExpect: 100-continue\r\n", "x")).take_expectation());
}

TEST_CASE("one empty line before a request is forgiven, a second is not, in any packets", "[net]") {
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
    CAPTURE(step);
    const auto fed = [&](const std::string& bytes) {
      Framer framer(kLimits);
      for (std::size_t at = 0; at < bytes.size(); at += step) {
        framer.append(std::string_view(bytes).substr(at, step));
      }
      return framer.state();
    };
    CHECK(fed("\r\n" + get) == State::complete);
    CHECK(fed("\r\n\r\n" + get) == State::refused);
    CHECK(fed("\r") == State::head);
    CHECK(fed("\r\n") == State::empty);
    CHECK(fed("\r" + get) == State::refused);
  }
}

}  // namespace comments::net
