// HTTP without a library: bytes out, bytes in, so that a test sees what is really on the wire.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace comments::tests {

class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API asks for it
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return;  // the other side has closed: what it answered is still to be read
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // What comes up to and including `end`; all of it where that does not come.
  std::string read_until(std::string_view end) {
    std::string text;
    for (char c = 0; !text.ends_with(end) && ::recv(socket_, &c, 1, 0) > 0;) {
      text += c;
    }
    return text;
  }

  // Tells the other side that nothing more will come.
  void end_input() { ::shutdown(socket_, SHUT_WR); }

  // Closing will be impolite: the other side learns of it by an error.
  void reset_on_close() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

  // Everything until the other side closes.
  std::string read_all() {
    std::string all;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
};

// One request on a connection of its own; the whole answer.
inline std::string answer_to(int port, std::string_view request) {
  RawConnection connection(port);
  connection.send(request);
  return connection.read_all();
}

}  // namespace comments::tests
