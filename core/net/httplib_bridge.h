// Where cpp-httplib comes in: it listens and accepts, and it dispatches what the connection stage
// has framed. It never sees a socket's bytes, and writes none.
//
// Its own reading of the request line is a second opinion: a request that it would understand
// otherwise than we do, or not at all, is refused.
// Works with cpp-httplib 0.18 to 0.53; the differences between them are in the .cpp alone.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/comment/result.h"
#include "core/net/http.h"

namespace comments::net {

// Safe for concurrent use.
class HttplibBridge {
 public:
  HttplibBridge();
  ~HttplibBridge();
  HttplibBridge(const HttplibBridge&) = delete;
  HttplibBridge& operator=(const HttplibBridge&) = delete;

  // Listens, and gives every connection's socket away to `on_socket`: on a thread of its own, and
  // at the end on that of stop_listening() as well, perhaps at the same time. The answer is the
  // port, the kernel's choice if `port` is 0.
  Result<int> listen(const std::string& host, int port, std::function<void(int)> on_socket);

  // Accepts what has already knocked, then no more. Returns when that is done.
  void stop_listening();

  // Calls `handler` with the request, through cpp-httplib; with `fault` set where that does not
  // take it.
  void dispatch(const Request& request, const Reply& reply, const Handler& handler);

 private:
  class Server;
  const std::unique_ptr<Server> server_;
};

}  // namespace comments::net
