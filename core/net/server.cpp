#include "core/net/server.h"

#include <atomic>
#include <cerrno>
#include <future>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <httplib.h>

namespace comments::net {
namespace {

// SO_REUSEADDR alone: cpp-httplib's own default, SO_REUSEPORT, lets a second server share the port
// without a word.
void set_socket_options(int socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

bool is_ours(std::string_view header) {
  return header != "REMOTE_ADDR" && header != "REMOTE_PORT" && header != "LOCAL_ADDR" &&
         header != "LOCAL_PORT";
}

// cpp-httplib reads forms by itself, within limits of its own.
bool is_form(const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  return type.starts_with("multipart/") || type.starts_with("application/x-www-form-urlencoded");
}

// Whether the status that cpp-httplib came to is a refusal that we share.
bool is_fault(const httplib::Request& request, int status) {
  switch (status) {
    case httplib::StatusCode::NotFound_404:  // no routes of ours are its: what every request gets
      return false;
    case httplib::StatusCode::RangeNotSatisfiable_416:  // we answer ranges with the whole
      return request.method != "GET" && request.method != "HEAD";
    case httplib::StatusCode::BadRequest_400:
    case httplib::StatusCode::PayloadTooLarge_413:  // a form is no good, however well-formed
      return !is_form(request);
    default:
      return true;
  }
}

Request request_of(const httplib::Request& from, int status) {
  Request request{
      .method = from.method, .target = from.target, .body = from.body, .peer = from.remote_addr};
  for (const auto& [name, value] : from.headers) {
    if (is_ours(name)) {
      request.headers.emplace_back(name, value);
    }
  }
  request.fault = is_fault(from, status) ? status : 0;
  return request;
}

// Fills in what cpp-httplib is to send. Content-Length by hand: it then leaves the body alone (no
// compression on the fly, no ranges).
void put_response(Response from, httplib::Response& to) {
  to.status = from.status;
  for (auto& [name, value] : from.headers) {
    to.set_header(name, value);
  }
  const bool bodiless = from.status == 204 || from.status == 304;
  if (!from.content_type.empty() && !bodiless) {
    to.set_header("Content-Type", from.content_type);
    to.set_header("Content-Length", std::to_string(from.body.size()));
    to.body = std::move(from.body);
  }
}

// cpp-httplib listens with a queue of 5: of many clients that come at once, some would wait a
// second for their next knock.
class Listener final : public httplib::Server {
 public:
  void widen_queue() {
    constexpr int kWaiting = 4'096;
    ::listen(svr_sock_, kWaiting);
  }
};

class HttplibServer final : public Server {
 public:
  HttplibServer(ServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)) {
    server_.set_socket_options(set_socket_options);
    server_.set_tcp_nodelay(true);
    server_.set_payload_max_length(options_.max_body);
    server_.set_read_timeout(options_.io_timeout);
    server_.set_write_timeout(options_.io_timeout);
    server_.set_keep_alive_timeout(options_.keep_alive.count());
    server_.set_keep_alive_max_count(1'000'000);
    server_.new_task_queue = [this] {
      return new httplib::ThreadPool(options_.threads, options_.max_waiting);
    };
    // Every request ends in cpp-httplib's "not found" and is answered here. Its own routes match
    // the decoded path, where %2F has become a slash, and know no 405 (COMMENTS.md, D3).
    server_.set_error_handler([this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server_.set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      response.headers.erase("Accept-Ranges");
      response.set_header("Date", http_date());
      if (stopping_) {  // a client that never pauses would keep its connection for good
        response.headers.erase("Connection");
        response.set_header("Connection", "close");
      }
    });
  }

  ~HttplibServer() override { stop(); }

  Result<void> listen() {
    errno = 0;
    port_ = options_.port;
    const bool bound = options_.port == 0 ? (port_ = server_.bind_to_any_port(options_.host)) > 0
                                          : server_.bind_to_port(options_.host, options_.port);
    if (!bound) {
      return bind_error(errno);
    }
    server_.widen_queue();
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    server_.wait_until_ready();  // stop() before that would go unheard
    return {};
  }

  int port() const override { return port_; }

  void stop() override {
    stopping_ = true;
    server_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    try {
      put_response(wait_for_answer(request_of(request, response.status)), response);
    } catch (...) {  // a bug, or out of memory: the handler words this answer too
      put_response(wait_for_answer({.fault = httplib::StatusCode::InternalServerError_500}),
                   response);
    }
  }

  // The handler may answer later, from another thread: this one waits.
  Response wait_for_answer(const Request& request) {
    auto promise = std::make_shared<std::promise<Response>>();
    auto answered = promise->get_future();
    // Moved in, so that a handler that drops its Reply breaks the promise instead of hanging us.
    handler_(request, [promise = std::move(promise)](Response response) {
      promise->set_value(std::move(response));
    });
    return answered.get();
  }

  Error bind_error(int code) const {
    switch (code) {
      case EADDRINUSE:
        return unavailable(fmt::format("port {} is taken", options_.port));
      case EACCES:
        return unavailable(fmt::format("port {} needs root, as all below 1024 do", options_.port));
      default:
        return unavailable(fmt::format(
            "cannot listen on {}:{}: {}", options_.host, options_.port,
            code == 0 ? "the host is not an address of this machine" : std::system_category().message(code)));
    }
  }

  static Error unavailable(std::string message) {
    return {ErrorCode::unavailable, std::move(message), {}};
  }

  const ServerOptions options_;
  const Handler handler_;
  std::atomic<bool> stopping_ = false;
  Listener server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  auto server = std::make_unique<HttplibServer>(std::move(options), std::move(handler));
  if (auto listening = server->listen(); !listening) {
    return listening.error();
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace comments::net
