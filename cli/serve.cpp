// comments serve: a store, the API over it, a server before it, until a signal says stop.
#include <thread>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/serve_plan.h"
#include "cli/stop_signals.h"
#include "cli/terminal_text.h"
#include "core/api/api.h"
#include "core/api/server_metrics.h"
#include "core/net/server.h"
#include "core/store/open_store.h"
#include "core/telemetry/log.h"
#include "core/telemetry/log_metrics.h"
#include "core/telemetry/process_metrics.h"

namespace comments::cli {
namespace {

// One line, and out: nothing listens yet.
ExitCode cannot_start(const Error& error, Io& io) {
  io.err << "comments: " << one_line(error.message) << '\n';
  return error.code == ErrorCode::bad_request ? ExitCode::usage : ExitCode::failed;
}

ExitCode cannot_listen(Error error, std::string_view option_prefix, Io& io) {
  error.message += fmt::format("; choose another with --{0}port or --{0}host", option_prefix);
  return cannot_start(error, io);
}

// A default admin port that is taken is no reason not to serve: somebody else's admin port is. When
// no other port of the host will do, then it was not the port.
Result<std::unique_ptr<net::Server>> start_admin(const ServePlan& plan,
                                                 const net::Handler& handler) {
  auto server = net::Server::start(plan.admin, handler);
  if (server || plan.admin_port_given) {
    return server;
  }
  auto any_port = plan.admin;
  any_port.port = 0;
  auto elsewhere = net::Server::start(any_port, handler);
  if (!elsewhere) {
    return server;
  }
  log(Severity::warning, "the admin port is taken; using another",
      {{"admin_port", std::int64_t{plan.admin.port}}});
  return elsewhere;
}

std::string url_of(const net::ServerOptions& options, const net::Server& server) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;  // and its colons no port's
  const auto host = options.host == "127.0.0.1" ? "localhost"
                    : is_ipv6                   ? fmt::format("[{}]", options.host)
                                                : options.host;
  return fmt::format("http://{}:{}", host, server.port());
}

ExitCode serve(const ServePlan& plan, Io& io) {
  const StopSignals stop;                        // before any thread
  const auto logging = start_logging(plan.log);  // until everything below has ended

  auto store = open_store(plan.store);
  if (!store) {
    return cannot_start(store.error(), io);
  }
  api::Readiness readiness;
  Metrics metrics;
  expose_process(metrics);
  expose_log(metrics);
  plan.store.metrics->expose(metrics);
  api::Api api(**store, readiness, plan.api, metrics);
  auto admin = start_admin(plan, [&](const net::Request& request, const net::Reply& reply) {
    api.handle_admin(request, reply);
  });
  if (!admin) {
    return cannot_listen(admin.error(), "admin-", io);
  }
  auto server = net::Server::start(
      plan.server,
      [&](const net::Request& request, const net::Reply& reply) { api.handle(request, reply); },
      [&](const net::Request& request) { return api.ready(request); });
  if (!server) {
    return cannot_listen(server.error(), "", io);
  }
  api::expose_server(metrics, **server);
  readiness.set(api::Phase::serving);
  log_configuration(plan);
  if (plan.store.url == "memory:") {
    log(Severity::warning, "memory: keeps nothing: every comment is lost when this process ends");
  }
  const auto url = url_of(plan.server, **server);
  const auto admin_url = url_of(plan.admin, **admin);
  log(Severity::info, "serving", {{"url", url}, {"admin_url", admin_url}});

  stop.wait();
  log(Severity::info, "draining");
  readiness.set(api::Phase::draining);
  std::this_thread::sleep_for(plan.drain_delay);  // time for a load balancer to look elsewhere
  (*server)->stop();
  (*admin)->stop();
  log(Severity::info, "stopped");
  return ExitCode::ok;
}

}  // namespace

Action declare_serve(CLI::App& app) {
  return [plan = declare_serve_options(app)](Io& io) { return serve(plan(io), io); };
}

}  // namespace comments::cli
