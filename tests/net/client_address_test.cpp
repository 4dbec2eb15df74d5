#include "core/net/client_address.h"

#include "tests/support/catch.h"

namespace comments::net {
namespace {

// The network of a request from 192.0.2.1 that came with these headers.
std::string network(int trusted_proxies, const std::vector<std::string>& forwarded,
                    std::string_view peer = "192.0.2.1") {
  Request request{.peer = peer};
  for (const auto& value : forwarded) {
    request.headers.emplace_back("x-forwarded-FOR", value);
  }
  return client_network(request, trusted_proxies);
}

}  // namespace

TEST_CASE("without proxies of our own, the peer counts, whatever it says", "[net]") {
  CHECK(network(0, {}) == "192.0.2.1");
  CHECK(network(0, {"203.0.113.9"}) == "192.0.2.1");
  CHECK(network(0, {"203.0.113.9, 203.0.113.10"}) == "192.0.2.1");
}

TEST_CASE("proxies are counted from the right, so that a client can add nothing", "[net]") {
  const std::string forged = "1.1.1.1, 2.2.2.2, 203.0.113.9";
  CHECK(network(1, {forged}) == "203.0.113.9");
  CHECK(network(2, {forged + ", 198.51.100.7"}) == "203.0.113.9");
  CHECK(network(1, {"1.1.1.1", "2.2.2.2", "203.0.113.9"}) == "203.0.113.9");
  CHECK(network(2, {"1.1.1.1, 203.0.113.9", "198.51.100.7"}) == "203.0.113.9");
  CHECK(network(1, {" 1.1.1.1 ,\t203.0.113.9 ,, "}) == "203.0.113.9");
}

TEST_CASE("where a proxy is missing, the farthest entry counts, and without any the peer",
          "[net]") {
  CHECK(network(2, {"203.0.113.9"}) == "203.0.113.9");
  CHECK(network(1, {}) == "192.0.2.1");
  CHECK(network(1, {""}) == "192.0.2.1");
}

TEST_CASE("what is no address counts as the peer", "[net]") {
  for (const auto* text : {"unknown", "_hidden", "300.1.1.1", "1.2.3", "::g", "[::1", "1.2.3.4:x:y",
                           "<script>", "127.1", "0x7f.0.0.1"}) {
    CAPTURE(text);
    CHECK(network(1, {text}) == "192.0.2.1");
  }
}

TEST_CASE("an IPv6 customer is one /64, under all its spellings", "[net]") {
  for (const auto* text : {"2001:db8:1:2::1", "2001:0DB8:1:2:ffff:ffff:ffff:ffff",
                           "2001:db8:1:2::", "[2001:db8:1:2::7]:4711", "[2001:db8:1:2::7]"}) {
    CAPTURE(text);
    CHECK(network(1, {text}) == "2001:db8:1:2::/64");
  }
  CHECK(network(1, {"2001:db8:1:3::1"}) == "2001:db8:1:3::/64");
  CHECK(network(0, {}, "2001:db8:1:2::1") == "2001:db8:1:2::/64");
}

TEST_CASE("an IPv4 address is itself, in whatever clothes", "[net]") {
  for (const auto* text :
       {"203.0.113.9", "203.0.113.9:4711", "::ffff:203.0.113.9", "[::ffff:203.0.113.9]:80"}) {
    CAPTURE(text);
    CHECK(network(1, {text}) == "203.0.113.9");
  }
}

}  // namespace comments::net
