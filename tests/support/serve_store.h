// The tail of a test's own `serve`: the API over a store of the test's making, and its admin port,
// on ports from the kernel, named in the log as `comments serve` names them.
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
inline int serve_store(Store& store, api::Options options = {}) {
  api::Readiness readiness;
  Metrics metrics;
  api::Api api(store, readiness, std::move(options), metrics);
  auto server = net::Server::start(
      {}, [&](const net::Request& request, const net::Reply& reply) { api.handle(request, reply); },
      [&](const net::Request& request) { return api.ready(request); });
  auto admin = net::Server::start({.reactors = 1},
                                  [&](const net::Request& request, const net::Reply& reply) {
                                    api.handle_admin(request, reply);
                                  });
  if (!server || !admin) {
    std::cerr << (server ? admin : server).error().message << '\n';
    return 1;
  }
  readiness.set(api::Phase::serving);
  const auto url = fmt::format("http://localhost:{}", (*server)->port());
  const auto admin_url = fmt::format("http://localhost:{}", (*admin)->port());
  log(Severity::info, "serving", {{"url", url}, {"admin_url", admin_url}});
  ::pause();
  return 0;
}

}  // namespace comments::tests
