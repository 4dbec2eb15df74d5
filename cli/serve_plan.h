// What `comments serve` is asked to do.
#pragma once

#include <chrono>
#include <functional>

#include "cli/command.h"
#include "core/api/options.h"
#include "core/net/server.h"
#include "core/store/open_store.h"
#include "core/telemetry/log.h"

namespace comments::cli {

// What is on the command line may leave open; what is here is decided.
struct ServePlan {
  StoreChoice store;
  net::ServerOptions server;
  net::ServerOptions admin;
  bool admin_port_given = false;
  api::Options api;
  LogOptions log;
  std::chrono::duration<double> drain_delay{};
};

// Declares the options. The plan is to be asked for when they are parsed; it throws UsageError.
std::function<ServePlan(const Io&)> declare_serve_options(CLI::App& app);

}  // namespace comments::cli
