// Serving HTTP: the connection engine and what feeds it.
//
// Connections are held by reactors (reactor.h), one thread each, that never wait for a single one;
// requests are framed strictly before anything else sees them (framer.h); cpp-httplib accepts the
// connections and dispatches the requests (httplib_bridge.h).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/comment/result.h"
#include "core/net/counts.h"
#include "core/net/http.h"
#include "core/net/reactor.h"

namespace comments::net {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;              // 0: the kernel chooses
  std::size_t reactors = 0;  // threads; 0: one a core
  ReactorOptions reactor = {};
};

// Safe for concurrent use.
class Server {
 public:
  // Listens at once: a port that is taken is an error here (unavailable), not later. Serves from
  // here on. What `handler` and `shortcut` use must outlive it. Raises the process's limit of open
  // descriptors as far as it may, and takes no more connections than that leaves room for.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler,
                                               Shortcut shortcut = {});

  virtual ~Server() = default;

  // The port that is listened on.
  virtual int port() const = 0;

  // Open connections, at this moment.
  virtual std::size_t connections() const = 0;

  // How many there may be.
  virtual std::size_t max_connections() const = 0;

  // Since the server has started.
  virtual Counts counts() const = 0;

  // Takes no further connections, lets requests that have begun be answered, closes everything.
  // Returns when that is done, within ReactorOptions::drain_limit and a little; a second call finds
  // nothing to do.
  virtual void stop() = 0;
};

}  // namespace comments::net
