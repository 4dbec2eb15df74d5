// The tail of a test's own `serve`: the API over a store of the test's making, on a port from the
// kernel, named in the log as `comments serve` names it.
#pragma once

#include <iostream>
#include <string>
#include <unistd.h>

#include <fmt/format.h>

#include "core/api/api.h"
#include "core/net/server.h"
#include "core/telemetry/log.h"

namespace comments::tests {

// Serves until a signal ends the process.
inline int serve_store(Store& store) {
  api::Readiness readiness;
  Metrics metrics;
  api::Api api(store, readiness, {}, metrics);
  auto server = net::Server::start(
      {}, [&](const net::Request& request, const net::Reply& reply) { api.handle(request, reply); },
      [&](const net::Request& request) { return api.ready(request); });
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 1;
  }
  readiness.set(api::Phase::serving);
  const auto url = fmt::format("http://localhost:{}", (*server)->port());
  log(Severity::info, "serving", {{"url", url}});
  ::pause();
  return 0;
}

}  // namespace comments::tests
