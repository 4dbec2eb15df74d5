#include "core/net/client_address.h"
#include "tests/fuzz/target.h"

using comments::fuzz::must_hold;

// The first byte: how many proxies are trusted.
FUZZ_TARGET(client_address) {
  const int proxies = input.empty() ? 0 : input.front() & 7;
  const auto forwarded = input.empty() ? input : input.substr(1);
  const comments::net::Request request{.headers = {{"X-Forwarded-For", forwarded}},
                                       .peer = "192.0.2.1"};
  const auto network = comments::net::client_network(request, proxies);
  must_hold(network.find_first_not_of("0123456789abcdef.:/") == network.npos,
            "a network is written in one way");
  must_hold(!network.empty() && network.size() <= 43, "a network is short");
  must_hold(proxies > 0 || network == "192.0.2.1", "nothing is believed without a proxy");
}
