#include "core/net/peer.h"

#include <array>
#include <netdb.h>
#include <string_view>
#include <sys/socket.h>

namespace comments::net {

std::string peer_address(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API asks for it
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  std::array<char, NI_MAXHOST> text{};
  if (::getpeername(socket, address, &size) != 0 ||
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return {};
  }
  constexpr std::string_view kMapped = "::ffff:";
  const std::string_view found = text.data();
  return std::string(found.starts_with(kMapped) ? found.substr(kMapped.size()) : found);
}

}  // namespace comments::net
