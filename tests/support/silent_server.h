// A server that takes one connection, says what it was told to, and then nothing, or a byte now and
// then, without end: until it is destroyed or its client has gone.
#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace comments::tests {

class SilentServer {
 public:
  // `pause`: between two of the bytes that follow; 0: none follow.
  explicit SilentServer(std::string answer = "", std::chrono::milliseconds pause = {})
      : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API asks for it
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer), pause] { serve(answer, pause); });
  }
  ~SilentServer() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes the thread, where nobody has come
    thread_.join();
    ::close(listener_);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  int port() const { return port_; }

 private:
  void serve(const std::string& answer, std::chrono::milliseconds pause) const {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) {
      return;
    }
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    if (pause.count() > 0) {
      while (::send(client, "x", 1, MSG_NOSIGNAL) == 1) {
        std::this_thread::sleep_for(pause);
      }
    }
    char byte = 0;
    while (::recv(client, &byte, 1, 0) > 0) {  // the request, and then its end
    }
    ::close(client);
  }

  int listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace comments::tests
