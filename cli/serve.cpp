// comments serve: a store, the API over it, a server before it, until a signal says stop.
#include <thread>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/stop_signals.h"
#include "cli/terminal_text.h"
#include "core/api/api.h"
#include "core/net/server.h"
#include "core/store/open_store.h"
#include "core/telemetry/log.h"
#include "core/version.h"

namespace comments::cli {
namespace {

constexpr int kDefaultPort = 8000;
constexpr int kDefaultAdminPort = 9464;
constexpr int kNotGiven = -1;

struct ServeOptions {
  std::string store = "sqlite:comments.db";
  std::string host;
  int port = kNotGiven;
  std::string admin_host = "127.0.0.1";
  int admin_port = kNotGiven;
  std::string email_visibility = "raw";
  std::string cache_control = api::Options{}.cache_control;
  std::size_t cache_size = api::CacheLimits{}.max_bytes;
  std::size_t cache_entry_max = api::CacheLimits{}.max_entry_bytes;
  std::string log_level = "info";
  std::string log_format = "auto";
  double drain_delay_seconds = 0;
};

// What is on the command line may leave open; what is here is decided.
struct ServePlan {
  std::string store;
  net::ServerOptions server;
  net::ServerOptions admin;
  bool admin_port_given = false;
  api::Options api;
  Severity log_level = Severity::info;
  LogFormat log_format = LogFormat::text;
  std::chrono::duration<double> drain_delay{};
};

int port_number(const std::string& text, const std::string& source) {
  int port = kNotGiven;
  if (!CLI::detail::lexical_cast(text, port) || port < 0 || port > 65'535) {
    throw UsageError(
        fmt::format("{}: '{}' is no port; it takes a number from 0 to 65535", source, text));
  }
  return port;
}

// Cloud Run, and others like it, say in PORT where they will knock, and knock from outside.
ServePlan plan_of(const ServeOptions& options, const Io& io) {
  const auto platform_port = io.environment("PORT").value_or("");
  ServePlan plan{.store = options.store};
  plan.server.host = !options.host.empty()    ? options.host
                     : !platform_port.empty() ? "0.0.0.0"
                                              : "127.0.0.1";
  plan.server.port = options.port != kNotGiven ? options.port
                     : !platform_port.empty()  ? port_number(platform_port, "PORT")
                                               : kDefaultPort;
  plan.admin.host = options.admin_host;
  plan.admin.reactors = 1;
  plan.admin_port_given = options.admin_port != kNotGiven;
  plan.admin.port = plan.admin_port_given ? options.admin_port : kDefaultAdminPort;
  plan.api = {
      .emails = *parse_email_visibility(options.email_visibility),
      .cache_control = options.cache_control,
      .revision_name = io.environment("K_REVISION")
                           .value_or(io.environment("COMMENTS_REVISION").value_or("local")),
      .cache = {.max_bytes = options.cache_size, .max_entry_bytes = options.cache_entry_max}};
  plan.log_level = *parse_severity(options.log_level);
  plan.log_format =
      options.log_format == "json" || (options.log_format == "auto" && !io.err_is_terminal)
          ? LogFormat::json
          : LogFormat::text;
  plan.drain_delay = std::chrono::duration<double>(options.drain_delay_seconds);
  return plan;
}

// One line, and out: nothing listens yet.
ExitCode cannot_start(const Error& error, Io& io) {
  io.err << "comments: " << one_line(error.message) << '\n';
  return error.code == ErrorCode::bad_request ? ExitCode::usage : ExitCode::failed;
}

ExitCode cannot_listen(Error error, std::string_view option_prefix, Io& io) {
  error.message += fmt::format("; choose another with --{0}port or --{0}host", option_prefix);
  return cannot_start(error, io);
}

// A default admin port that is taken is no reason not to serve: somebody else's admin port is.
Result<std::unique_ptr<net::Server>> start_admin(const ServePlan& plan,
                                                 const net::Handler& handler) {
  auto server = net::Server::start(plan.admin, handler);
  if (server || plan.admin_port_given) {
    return server;
  }
  log(Severity::warning, "the admin port is taken; using another",
      {{"admin_port", std::int64_t{plan.admin.port}}});
  auto elsewhere = plan.admin;
  elsewhere.port = 0;
  return net::Server::start(elsewhere, handler);
}

void log_configuration(const ServePlan& plan) {
  log(Severity::info, "configuration",
      {{"version", kVersion},
       {"commit", kCommit},
       {"store", plan.store},
       {"drain_delay_s", plan.drain_delay.count()},
       {"revision_name", plan.api.revision_name},
       {"cache_control", plan.api.cache_control}});
  if (plan.store == "memory:") {
    log(Severity::warning, "memory: keeps nothing: every comment is lost when this process ends");
  }
}

std::string url_of(const net::ServerOptions& options, const net::Server& server) {
  const auto* host = options.host == "127.0.0.1" ? "localhost" : options.host.c_str();
  return fmt::format("http://{}:{}", host, server.port());
}

ExitCode serve(const ServePlan& plan, Io& io) {
  const StopSignals stop;  // before any thread
  start_logging(plan.log_level, plan.log_format);

  auto store = open_store(plan.store);
  if (!store) {
    return cannot_start(store.error(), io);
  }
  api::Readiness readiness;
  api::Api api(**store, readiness, plan.api);
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
  readiness.set(api::Phase::serving);
  log_configuration(plan);
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
  auto options = std::make_shared<ServeOptions>();
  app.add_option("--store", options->store, "sqlite:PATH or memory:")
      ->type_name("STORE")
      ->capture_default_str();
  app.add_option("--host", options->host, "Listen there [127.0.0.1, or 0.0.0.0 if PORT is set]")
      ->type_name("HOST");
  app.add_option("--port", options->port, "0: the kernel chooses [8000, or PORT]")
      ->type_name("N")
      ->check(CLI::Range(0, 65'535));
  app.add_option("--admin-host", options->admin_host, "Health on a port of its own, for operators")
      ->type_name("HOST")
      ->capture_default_str();
  app.add_option("--admin-port", options->admin_port, "[9464, or another if that is taken]")
      ->type_name("N")
      ->check(CLI::Range(0, 65'535));
  app.add_option("--email-visibility", options->email_visibility,
                 "What readers see of addresses: raw, masked, hidden")
      ->type_name("HOW")
      ->check(CLI::IsMember({"raw", "masked", "hidden"}))
      ->capture_default_str();
  app.add_option("--cache-control", options->cache_control, "The header of lists")
      ->type_name("TEXT")
      ->capture_default_str();
  app.add_option("--cache-size", options->cache_size,
                 "Memory for lists that are ready to be sent; 0: none")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("64MiB");
  app.add_option("--cache-entry-max", options->cache_entry_max, "The longest list kept there")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("16MiB");
  app.add_option("--log-level", options->log_level, "debug (every request), info, warning, error")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  app.add_option("--log-format", options->log_format, "text, json; auto: text on a terminal")
      ->type_name("FORM")
      ->check(CLI::IsMember({"auto", "text", "json"}))
      ->capture_default_str();
  app.add_option("--drain-delay", options->drain_delay_seconds,
                 "After SIGTERM, answer that long before draining: 5s, 500ms")
      ->type_name("TIME")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"ms", 0.001}, {"s", 1.0}}))
      ->default_str("0s");
  return [options](Io& io) { return serve(plan_of(*options, io), io); };
}

}  // namespace comments::cli
