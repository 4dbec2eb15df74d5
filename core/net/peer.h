// Who is at the other end of a socket.
#pragma once

#include <string>

namespace comments::net {

// The address as text, without port: "192.0.2.7", "2001:db8::1"; an IPv4 address that came over an
// IPv6 socket in its own form. "" where it cannot be told.
std::string peer_address(int socket);

}  // namespace comments::net
