#include "cli/serve_plan.h"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "cli/store_words.h"
#include "cli/value_rules.h"

namespace comments::cli {
namespace {

constexpr int kDefaultPort = 8000;
constexpr int kDefaultAdminPort = 9464;
constexpr int kNotGiven = -1;
constexpr int kMaxProxies = 16;
constexpr std::size_t kMaxStoreConnections = 200;

struct ServeOptions {
  StoreWords store;
  std::size_t store_connections = StoreChoice{}.connections;
  std::string host;
  int port = kNotGiven;
  std::string admin_host = "127.0.0.1";
  int admin_port = kNotGiven;
  std::string email_visibility = "raw";
  std::string cache_control = api::Options{}.cache_control;
  int rate_limit_address = 0;
  int rate_limit_email = 0;
  int trusted_proxies = 0;
  std::string cors_origin;
  std::size_t cache_size = api::CacheLimits{}.max_bytes;
  std::size_t cache_entry_max = api::CacheLimits{}.max_entry_bytes;
  std::string log_level = "info";
  std::string log_format = "auto";
  std::string access_log = "auto";
  double drain_delay_seconds = 0;
  double idle_timeout_seconds = 60;
};

// Cloud Run logs each request itself.
api::AccessLog access_log(std::string_view word, const Io& io) {
  const bool on_cloud_run = !io.environment("K_SERVICE").value_or("").empty();
  return word == "all"                                          ? api::AccessLog::all
         : word == "sample" || (word == "auto" && on_cloud_run) ? api::AccessLog::sample
                                                                : api::AccessLog::errors;
}

// Cloud Run, and others like it, say in PORT where they will knock, and knock from outside.
ServePlan plan_of(const CLI::App& app, const ServeOptions& options, const Io& io) {
  const auto platform_port = io.environment("PORT").value_or("");
  ServePlan plan{.store = store_choice(app, options.store, io)};
  plan.store.connections = options.store_connections;
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
      .cache = {.max_bytes = options.cache_size, .max_entry_bytes = options.cache_entry_max},
      .rate_limits = {.per_address = options.rate_limit_address,
                      .per_email = options.rate_limit_email,
                      .trusted_proxies = options.trusted_proxies},
      .cors_origins = split_list(options.cors_origin),
      .access_log = access_log(options.access_log, io),
      .readers = options.store_connections - 2};
  plan.log = {.least = *parse_severity(options.log_level),
              .format = options.log_format == "json" ||
                                (options.log_format == "auto" && !io.err_is_terminal)
                            ? LogFormat::json
                            : LogFormat::text,
              .project = io.environment("GOOGLE_CLOUD_PROJECT").value_or("")};
  plan.server.reactor.connection.idle_time =
      std::chrono::milliseconds(std::llround(options.idle_timeout_seconds * 1'000));
  plan.drain_delay = std::chrono::duration<double>(options.drain_delay_seconds);
  return plan;
}

}  // namespace

std::function<ServePlan(const Io&)> declare_serve_options(CLI::App& app) {
  auto options = std::make_shared<ServeOptions>();
  add_store_options(app, options->store);
  app.add_option("--store-connections", options->store_connections,
                 "To a PostgreSQL server, at most: one writes, one listens, the rest read")
      ->type_name("N")
      ->check(CLI::Range(kMinStoreConnections, kMaxStoreConnections))
      ->capture_default_str();
  app.add_option("--host", options->host, "Listen there [127.0.0.1, or 0.0.0.0 if PORT is set]")
      ->type_name("HOST");
  app.add_option("--port", options->port, "0: the kernel chooses [8000, or PORT]")
      ->type_name("N")
      ->check(CLI::Range(0, 65'535));
  app.add_option("--admin-host", options->admin_host, "Health on a port of its own, for operators")
      ->type_name("HOST")
      ->capture_default_str();
  app.add_option("--admin-port", options->admin_port,
                 "0: the kernel chooses [9464, or another if that is taken]")
      ->type_name("N")
      ->check(CLI::Range(0, 65'535));
  app.add_option("--email-visibility", options->email_visibility,
                 "What readers see of addresses: raw, masked, hidden")
      ->type_name("HOW")
      ->check(CLI::IsMember({"raw", "masked", "hidden"}))
      ->capture_default_str();
  app.add_option("--cache-control", options->cache_control, "The header of lists")
      ->type_name("TEXT")
      ->check(header_text())
      ->capture_default_str();
  app.add_option("--rate-limit-address", options->rate_limit_address,
                 "Comments from one network address (IPv6: one /64): 60/min")
      ->type_name("RATE")
      ->transform(rate())
      ->default_str("off");
  app.add_option("--rate-limit-email", options->rate_limit_email,
                 "Comments under one e-mail address: 10/min")
      ->type_name("RATE")
      ->transform(rate())
      ->default_str("off");
  app.add_option("--trusted-proxies", options->trusted_proxies,
                 "Our own proxies before us: X-Forwarded-For counts from the right")
      ->type_name("N")
      ->check(CLI::Range(0, kMaxProxies))
      ->capture_default_str();
  app.add_option("--cors-origin", options->cors_origin,
                 "Pages of other origins that may use the API: https://a.example,…")
      ->type_name("LIST")
      ->check(origin_list());
  app.add_option("--cache-size", options->cache_size,
                 "Memory for lists that are ready to be sent; 0: none")
      ->type_name("SIZE")
      ->transform(byte_size())
      ->default_str("64MiB");
  app.add_option("--cache-entry-max", options->cache_entry_max, "The longest list kept there")
      ->type_name("SIZE")
      ->transform(byte_size())
      ->default_str("16MiB");
  app.add_option("--log-level", options->log_level, "debug (every request), info, warning, error")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  app.add_option("--log-format", options->log_format, "text, json; auto: text on a terminal")
      ->type_name("FORM")
      ->check(CLI::IsMember({"auto", "text", "json"}))
      ->capture_default_str();
  app.add_option("--access-log", options->access_log,
                 "Requests in the log: errors (and slow ones), sample (and 1 %), all")
      ->type_name("WHICH")
      ->check(CLI::IsMember({"auto", "errors", "sample", "all"}))
      ->capture_default_str();
  app.add_option("--drain-delay", options->drain_delay_seconds,
                 "After SIGTERM, answer that long before draining: 5s, 500ms")
      ->type_name("TIME")
      ->transform(delay())
      ->default_str("0s");
  app.add_option("--idle-timeout", options->idle_timeout_seconds,
                 "Hang up after that long without a request: longer than whoever is in front does")
      ->type_name("TIME")
      ->transform(delay(1))
      ->default_str("60s");
  return [options, &app](const Io& io) { return plan_of(app, *options, io); };
}

}  // namespace comments::cli
