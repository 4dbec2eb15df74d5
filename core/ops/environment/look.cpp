#include "core/ops/environment/look.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/ops/cloud/objects.h"
#include "core/ops/environment/drift.h"
#include "core/ops/environment/metrics.h"
#include "core/ops/prometheus.h"
#include "core/ops/together.h"

namespace comments::ops {
namespace {

constexpr std::size_t kReleases = 5;

template <class T>
void say_unknown(Finding<T>& finding, const std::string& why) {
  finding.unknown = why;
}

// One look at one environment. Each member function asks for one finding, and writes no other.
class Look {
 public:
  Look(const DeploySettings& settings, World world)
      : settings_(settings),
        world_(world),
        prometheus_(settings.prometheus, world.web,
                    [world](const Command& command) { return world.runner.run(command); }) {}

  EnvironmentStatus at_everything(bool drift) {
    describe_place();
    // Without an account all else would fail, each in its own words.
    together({[this] { find_access(); }, [this] { find_answer(); }});
    if (!status_.no_access.empty()) {
      return std::move(status_);
    }
    std::vector<std::function<void()>> tasks{[this, drift] { find_releases_and_drift(drift); },
                                             [this] { find_service(); }, [this] { find_rollout(); },
                                             [this] { find_alerts(); }, [this] { find_figures(); }};
    together(tasks);
    return std::move(status_);
  }

 private:
  void describe_place() {
    status_.time = world_.time.now();
    status_.environment = settings_.environment;
    status_.project = settings_.place.project;
    status_.region = settings_.place.region;
    status_.service_name = settings_.service;
    status_.migrate_job = settings_.migrate_job;
    status_.url = settings_.url;
    status_.grafana = settings_.grafana;
    status_.alerts_page =
        "https://console.cloud.google.com/monitoring/alerting?project=" + settings_.place.project;
  }

  void find_access() {
    const auto command = gcloud::active_account();
    const auto outcome = world_.runner.run(command);
    if (outcome.end == Outcome::End::not_started) {
      status_.no_access = describe(command, outcome) + "; install the Google Cloud CLI";
    } else if (!outcome.ok()) {
      status_.no_access = describe(command, outcome) + "; see whether gcloud works at all";
    } else if (!parse_account(outcome.out)) {
      status_.no_access = "gcloud has no account: run `gcloud auth login`";
    }
  }

  void find_answer() {
    const auto answer = world_.web.ask({.url = settings_.url, .path = "/health/ready"});
    if (!answer) {
      return say_unknown(status_.answer, answer.error().message);
    }
    const auto health = parse_health(answer->body);
    if (!health) {
      return say_unknown(status_.answer,
                         fmt::format("HTTP {}: {}", answer->status, health.error().message));
    }
    status_.answer.value = PublicAnswer{answer->status, *health};
  }

  void find_service() {
    const auto command = gcloud::service(settings_.place, settings_.service);
    const auto outcome = world_.runner.run(command);
    if (!outcome.ok() && says_not_found(outcome.err)) {
      status_.service.value.emplace(std::nullopt);
      return;
    }
    if (!outcome.ok()) {
      return say_unknown(status_.service, describe(command, outcome));
    }
    if (auto service = parse_service(outcome.out, settings_.image)) {
      status_.service.value.emplace(std::move(service));
    } else {
      say_unknown(status_.service,
                  fmt::format("`{}` printed something else than a service", shell_quoted(command)));
    }
  }

  void find_rollout() {
    const auto command = gcloud::read(lock_object(settings_));
    const auto outcome = world_.runner.run(command);
    if (!outcome.ok() && says_not_found(outcome.err)) {
      status_.rollout.value.emplace(std::nullopt);
      return;
    }
    if (!outcome.ok()) {
      return say_unknown(status_.rollout, describe(command, outcome));
    }
    if (auto progress = parse_progress(outcome.out)) {
      status_.rollout.value.emplace(std::move(progress));
    } else {
      say_unknown(status_.rollout, lock_object(settings_) + " holds something else than our lock");
    }
  }

  void find_releases_and_drift(bool drift) {
    find_releases();
    if (drift) {
      status_.drift = look_at_drift(settings_, world_, status_);
    }
  }

  void find_releases() {
    const auto listing = gcloud::objects(releases_folder(settings_));
    const auto listed = world_.runner.run(listing);
    if (!listed.ok() && !says_not_found(listed.err)) {
      return say_unknown(status_.ended, describe(listing, listed));
    }
    auto addresses = parse_listing(listed.out);
    std::sort(addresses.rbegin(), addresses.rend());  // their names begin with the time
    addresses.resize(std::min(addresses.size(), kReleases));
    std::vector<Command> commands;
    std::transform(addresses.begin(), addresses.end(), std::back_inserter(commands),
                   [](const std::string& address) { return gcloud::read(address); });
    const auto outcomes = run_together(world_.runner, commands);
    std::vector<ReleaseRecord> records;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      auto record = outcomes[i].ok() ? parse_record(outcomes[i].out) : std::nullopt;
      if (!record) {
        return say_unknown(status_.ended, outcomes[i].ok() ? addresses[i] + " is no record of ours"
                                                           : describe(commands[i], outcomes[i]));
      }
      records.push_back(*std::move(record));
    }
    status_.ended.value = std::move(records);
  }

  void find_figures() {
    if (!settings_.prometheus.empty()) {
      auto figures = ask_figures(prometheus_);
      status_.instances = std::move(figures.instances);
      status_.traffic = std::move(figures.traffic);
      status_.budgets = std::move(figures.budgets);
    }
  }

  void find_alerts() {
    if (!settings_.prometheus.empty()) {
      status_.alerts = ask_alerts(settings_, prometheus_, world_.runner);
    }
  }

  const DeploySettings& settings_;
  const World world_;
  Prometheus prometheus_;
  EnvironmentStatus status_;
};

}  // namespace

EnvironmentStatus look(const DeploySettings& settings, World world, bool drift) {
  return Look(settings, world).at_everything(drift);
}

}  // namespace comments::ops
