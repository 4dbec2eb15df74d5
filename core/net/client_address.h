// From whom a request comes, where proxies that we trust stand before us.
#pragma once

#include <string>

#include "core/net/http.h"

namespace comments::net {

// The network that shares one limit: an IPv4 address, "192.0.2.7", or an IPv6 customer's /64,
// "2001:db8:1:2::/64".
//
// Every proxy appends the address that it sees to X-Forwarded-For, and only what our own proxies
// appended is to be believed: the client is `trusted_proxies` entries from the right; 0: the peer
// itself. Where there are fewer entries, the leftmost; what is no address counts as the peer.
std::string client_network(const Request& request, int trusted_proxies);

}  // namespace comments::net
