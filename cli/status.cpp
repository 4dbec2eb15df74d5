// comments status: how a service does, once or again and again.
#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/environment_status.h"
#include "cli/live_screen.h"
#include "cli/observer.h"
#include "cli/service_option.h"
#include "cli/status_json.h"
#include "cli/status_text.h"
#include "cli/value_rules.h"

namespace comments::cli {
namespace {

using ops::Verdict;
using Seconds = std::chrono::duration<double>;
using Steady = std::chrono::steady_clock;

constexpr double kNotGiven = -1;

struct StatusOptions {
  std::string url;
  std::string admin_url;
  double interval_seconds = kNotGiven;
  bool watch = false;
  bool json = false;
  bool quiet = false;
  std::string environment;
  CLI::Option* environment_option = nullptr;
  CLI::Option* url_option = nullptr;
  CLI::Option* admin_url_option = nullptr;
  std::string config_dir;
  bool explain = false;
  bool no_drift = false;
};

// What is not given is looked for where `serve`, with the same environment, would listen.
Target target_of(const StatusOptions& options, const Io& io) {
  Target target{.service = service_of(options.url, io), .admin = std::nullopt};
  if (!options.admin_url.empty()) {
    target.admin = parsed_url(options.admin_url);
  } else if (is_loopback(target.service)) {
    const auto port = port_in(io, {"COMMENTS_ADMIN_PORT"});
    target.admin = parsed_url("http://127.0.0.1:" + (port.empty() ? "9464" : port));
  }
  return target;
}

ExitCode exit_code_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready:
      return ExitCode::ok;
    case Verdict::degraded:
      return ExitCode::degraded;
    case Verdict::unreachable:
      break;
  }
  return ExitCode::unavailable;
}

ExitCode look_quietly(const Target& target) {
  return exit_code_of(health_of(target).verdict);
}

// Rates need two looks; where the first has no figures, it is enough.
ExitCode look_once(Observer observer, Seconds interval, bool json, Io& io) {
  auto status = observer.look();
  if (status.figures) {
    std::this_thread::sleep_for(interval);
    status = observer.look();
  }
  io.out << (json ? status_json(status) : status_text(status, wants_colour(io)));
  return exit_code_of(status.verdict);
}

ExitCode watch(Observer observer, Seconds interval, bool json, Io& io) {
  const bool on_screen = io.out_is_terminal && !json;
  LiveScreen screen(io.out, on_screen);
  History history;
  for (auto next = Steady::now();;) {
    const auto status = observer.look();
    history.note(status);
    if (json) {
      screen.draw(status_json(status));
    } else {
      screen.draw(status_text(status, wants_colour(io), history.unreachable_since) +
                  (on_screen ? trend_text(history) : "\n"));
    }
    if (!io.out) {  // nobody reads it any more
      return ExitCode::ok;
    }
    next = std::max(next + std::chrono::duration_cast<Steady::duration>(interval), Steady::now());
    std::this_thread::sleep_until(next);
  }
}

// Whether typed words name one service; settings name both, and then the environment wins.
bool names_service(const StatusOptions& options) {
  return options.quiet || options.url_option->count() > 0 || options.admin_url_option->count() > 0;
}

// What --url and --admin-url point at is asked directly, an environment by way of Google Cloud.
ExitCode status_of_environment(const StatusOptions& options, Io& io) {
  return environment_status({.environment = options.environment,
                             .config_dir = options.config_dir,
                             .interval = options.interval_seconds == kNotGiven
                                             ? std::nullopt
                                             : std::optional(Seconds(options.interval_seconds)),
                             .watch = options.watch,
                             .json = options.json,
                             .explain = options.explain,
                             .drift = !options.no_drift},
                            io);
}

ExitCode status(const StatusOptions& options, Io& io) {
  if (options.environment_option->count() > 0 && names_service(options)) {
    throw UsageError(
        "--env has its addresses in deploy.toml: leave out --url, --admin-url and --quiet, or "
        "--env");
  }
  if (!options.environment.empty() && !names_service(options)) {
    return status_of_environment(options, io);
  }
  if (options.explain || options.no_drift) {
    throw UsageError("--explain and --no-drift belong to --env");
  }
  if (options.quiet && (options.watch || options.json)) {
    throw UsageError("--quiet prints nothing: leave out --watch and --json");
  }
  const auto target = target_of(options, io);
  if (options.quiet) {
    return look_quietly(target);
  }
  const Seconds interval(options.interval_seconds != kNotGiven ? options.interval_seconds
                         : options.watch                       ? 2
                                                               : 1);
  if (interval < std::chrono::milliseconds(100)) {
    throw UsageError("--interval is at least 100ms: looking is work for the service, too");
  }
  return options.watch ? watch(Observer(target), interval, options.json, io)
                       : look_once(Observer(target), interval, options.json, io);
}

}  // namespace

Action declare_status(CLI::App& app) {
  auto options = std::make_shared<StatusOptions>();
  add_url_option(app, options->url);
  options->url_option = app.get_option("--url");
  options->admin_url_option =
      app.add_option("--admin-url", options->admin_url,
                     "Its admin port, for the figures [of a local service: http://127.0.0.1:9464]")
          ->type_name("URL");
  app.add_flag("--watch", options->watch, "Look again and again; Ctrl-C ends");
  app.add_option("--interval", options->interval_seconds,
                 "Between two looks: 5s, 500ms [1s; with --watch 2s, with --env 30s]")
      ->type_name("TIME")
      ->transform(delay());
  app.add_flag("--json", options->json, "Print one object, with --watch a line for each, as JSON");
  app.add_flag("--quiet", options->quiet,
               "Print nothing and ask for health alone: a container's health check");
  options->environment_option =
      app.add_option("--env", options->environment,
                     "An environment on Google Cloud, such as prod, instead of one service")
          ->type_name("ENV");
  app.add_option("--config-dir", options->config_dir,
                 "Where environments have their folders [terraform/environments, here or above]")
      ->type_name("DIR");
  app.add_flag("--explain", options->explain,
               "With --env: also the last rollout that failed, why, and what to type next");
  app.add_flag("--no-drift", options->no_drift,
               "With --env: do not ask terraform what it would change, which takes longest");
  app.footer(
      "Where --url is not given, the service is looked for where `comments serve` would listen:\n"
      "at COMMENTS_PORT or PORT, its admin port at COMMENTS_ADMIN_PORT. Rates need two looks, so\n"
      "that an answer takes an interval. Errors are answers of 5xx and requests turned away at "
      "the\n"
      "door; what failed is in no quantile.\n"
      "\n"
      "The JSON is format 1: {\"admin_url\":…,\"figures\":…,\"figures_message\":…,\"format\":1,\n"
      "\"health\":…,\"message\":…,\"time\":…,\"url\":…,\"verdict\":…}. verdict: ready, degraded "
      "or\n"
      "unreachable. health: what /health/ready says. figures: uptime_seconds, levels such as\n"
      "connections, queue_depth and memory_bytes, and twice the same about what has happened,\n"
      "lately and since_start: requests, error_ratio, p99_seconds and so on, in so many seconds.\n"
      "What nobody knows is null. Fields may be added.\n"
      "\n"
      "With --env, Google Cloud, the state bucket, Prometheus, terraform and the public address\n"
      "are asked at once; nothing is changed. Degraded (6): the public address is not ready, or\n"
      "serves another commit than was released; a newer revision serves nobody; a rollout is held\n"
      "or has died; an error budget is used up; an alert fires; there is drift. What cannot be\n"
      "found out is shown as unknown, with the reason, and changes nothing; but without the\n"
      "service or the rollout's lock there is no verdict (4).\n"
      "\n"
      "Alerts on Google Cloud are the policies' PromQL, asked now: an alert that has to last\n"
      "counts at once, a silenced one counts, what is no PromQL is not seen. Drift is what\n"
      "terraform would change with the released image and the files here; with --watch it is\n"
      "looked at every 10 minutes.\n"
      "\n"
      "The JSON of --env is format 1: alerts, budgets, drift, ended (rollouts, the newest first),\n"
      "environment, explanation (with --explain), figures (of 5 minutes), format, health,\n"
      "instances, notes, project, reasons, region, release, rollout, service, time, unknown, url,\n"
      "verdict: ok, degraded or unreachable.");
  return [options](Io& io) { return status(*options, io); };
}

}  // namespace comments::cli
