// Serving HTTP: the one place behind which a server library stands (cpp-httplib).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "core/comment/result.h"
#include "core/net/http.h"

namespace comments::net {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: the kernel chooses
  std::size_t max_body = std::size_t{64} * 1024;
  // cpp-httplib holds a thread for each connection; beyond `threads` and `max_waiting` connections
  // further ones are closed at once.
  std::size_t threads = 256;
  std::size_t max_waiting = 1'024;
  std::chrono::seconds io_timeout{10};
  std::chrono::seconds keep_alive{5};
};

// Safe for concurrent use.
class Server {
 public:
  // Listens at once: a port that is taken is an error here (unavailable), not
  // later. Serves from here on, on threads of its own. What `handler` uses must outlive it.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);

  virtual ~Server() = default;

  // The port that is listened on.
  virtual int port() const = 0;

  // Takes no further connections, lets requests that have begun be answered, closes everything.
  // Returns when that is done; a second call finds nothing to do.
  virtual void stop() = 0;
};

}  // namespace comments::net
