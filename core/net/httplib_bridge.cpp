#include "core/net/httplib_bridge.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

namespace comments::net {
namespace {

constexpr int kBadRequest = 400;
constexpr int kNotImplemented = 501;

// SO_REUSEADDR alone: cpp-httplib's own default, SO_REUSEPORT, lets a second server share the port
// without a word.
void set_socket_options(int socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

// Hands on what is accepted, on the accepting thread: there is nothing to wait for.
class NoQueue final : public httplib::TaskQueue {
 public:
  bool enqueue(std::function<void()> task) override {
    task();
    return true;
  }
  void shutdown() override {}
};

// A framed request as cpp-httplib reads it; what it writes goes nowhere. Which of these functions
// the base class has depends on its version, hence no `override`.
// NOLINTBEGIN(modernize-use-override,cppcoreguidelines-explicit-virtual-functions)
class FramedStream : public httplib::Stream {
 public:
  explicit FramedStream(std::string text) : text_(std::move(text)) {}

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  ssize_t read(char* to, size_t size) {
    const auto taken = std::min(size, text_.size() - read_);
    std::copy_n(text_.data() + read_, taken, to);
    read_ += taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* /*bytes*/, size_t size) { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const {}
  socket_t socket() const { return INVALID_SOCKET; }
  time_t duration() const { return 0; }

 private:
  const std::string text_;
  std::size_t read_ = 0;
};
// NOLINTEND(modernize-use-override,cppcoreguidelines-explicit-virtual-functions)

Error cannot_listen(const std::string& host, int port, int code) {
  switch (code) {
    case EADDRINUSE:
      return {ErrorCode::unavailable, fmt::format("port {} is taken", port), {}};
    case EACCES:
      return {ErrorCode::unavailable,
              fmt::format("port {} needs root, as all below 1024 do", port),
              {}};
    default:
      return {ErrorCode::unavailable,
              fmt::format("cannot listen on {}:{}: {}", host, port,
                          code == 0 ? "the host is not an address of this machine"
                                    : std::system_category().message(code)),
              {}};
  }
}

}  // namespace

class HttplibBridge::Server final : public httplib::Server {
 public:
  Server() {
    set_socket_options(comments::net::set_socket_options);
    new_task_queue = [] { return new NoQueue; };
    // Everything is done by then: see process().
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      response.status = 204;
      return HandlerResponse::Handled;
    });
  }

  std::function<void(int)> on_socket;
  std::thread accepting;

  // cpp-httplib listens with a queue of 5; and it must not wait in accept(), so that the last
  // sweep of stop_listening() cannot either.
  void prepare_listening() {
    constexpr int kWaiting = 4'096;
    constexpr int kIdleSeconds = 1;
    ::listen(svr_sock_, kWaiting);
    ::fcntl(svr_sock_, F_SETFL, O_NONBLOCK);
    set_idle_interval(kIdleSeconds, 0);
  }

  void accept_the_rest() {
    for (int socket = 0; (socket = ::accept4(svr_sock_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      on_socket(socket);
    }
  }

  // One request through process_request(), whose arguments have grown over the versions.
  template <class This>
  static void process(This& self, httplib::Stream& stream,
                      const std::function<void(httplib::Request&)>& on_request) {
    const std::string nowhere;
    bool close = false;
    bool upgraded = false;
    if constexpr (requires {
                    self.process_request(stream, nowhere, 0, nowhere, 0, true, close, on_request,
                                         &upgraded);
                  }) {
      self.process_request(stream, nowhere, 0, nowhere, 0, true, close, on_request, &upgraded);
    } else {
      self.process_request(stream, nowhere, 0, nowhere, 0, true, close, on_request);
    }
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    on_socket(socket);
    return true;
  }
};

HttplibBridge::HttplibBridge() : server_(std::make_unique<Server>()) {}

HttplibBridge::~HttplibBridge() {
  stop_listening();
}

Result<int> HttplibBridge::listen(const std::string& host, int port,
                                  std::function<void(int)> on_socket) {
  errno = 0;
  int bound = port;
  const bool listens =
      port == 0 ? (bound = server_->bind_to_any_port(host)) > 0 : server_->bind_to_port(host, port);
  if (!listens) {
    return cannot_listen(host, port, errno);
  }
  server_->on_socket = std::move(on_socket);
  server_->prepare_listening();
  server_->accepting = std::thread([this] { server_->listen_after_bind(); });
  server_->wait_until_ready();  // stop() before that would go unheard
  return bound;
}

void HttplibBridge::stop_listening() {
  if (server_->accepting.joinable()) {
    server_->accept_the_rest();
    server_->stop();
    server_->accepting.join();
  }
}

void HttplibBridge::dispatch(const Request& request, const Reply& reply, const Handler& handler) {
  if (request.fault != 0) {
    return handler(request, reply);
  }
  std::string text;
  text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n\r\n");
  FramedStream stream(std::move(text));
  bool understood = false;
  Server::process(*server_, stream, [&](httplib::Request& parsed) {
    understood = parsed.method == request.method && parsed.target == request.target;
    if (understood) {
      handler(request, reply);
    }
  });
  if (!understood) {  // no target that we let pass is new to it: it must be the method
    const bool known = request.method == "GET" || request.method == "POST";
    handler({.peer = request.peer, .fault = known ? kBadRequest : kNotImplemented}, reply);
  }
}

}  // namespace comments::net
