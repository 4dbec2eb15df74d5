#include "cli/environment_status.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <ostream>
#include <thread>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/deploy_environment.h"
#include "cli/environment_json.h"
#include "cli/environment_text.h"
#include "cli/live_screen.h"
#include "cli/real_world.h"
#include "cli/stop_listener.h"
#include "core/ops/environment/drift.h"
#include "core/ops/environment/look.h"

namespace comments::cli {
namespace {

using Seconds = std::chrono::duration<double>;
using Steady = std::chrono::steady_clock;

constexpr Seconds kBetweenLooks{30};
constexpr Seconds kShortest{5};                  // a look starts half a dozen processes
constexpr std::chrono::minutes kDriftLasts{10};  // terraform asks the cloud for every resource

ExitCode exit_code_of(const ops::EnvironmentStatus& status) {
  switch (assess(status).verdict) {
    case ops::EnvironmentVerdict::ok:
      return ExitCode::ok;
    case ops::EnvironmentVerdict::degraded:
      return ExitCode::degraded;
    case ops::EnvironmentVerdict::unreachable:
      break;
  }
  return ExitCode::unavailable;
}

// Terraform's modules and providers for looking at drift, kept from look to look: they are large.
// Not those of the checkout, whose backend is that of a rollout that may be under way.
std::string terraform_data(const ops::DeploySettings& settings, const Io& io) {
  namespace fs = std::filesystem;
  auto cache = fs::path(io.environment("XDG_CACHE_HOME").value_or(""));
  if (cache.empty()) {
    const auto home = io.environment("HOME").value_or("");
    cache = home.empty() ? fs::temp_directory_path() : fs::path(home) / ".cache";
  }
  const auto place = std::hash<std::string>()(settings.root.folder + '\n' + settings.root.backend);
  const auto folder =
      cache / "comments" / fmt::format("terraform-{}-{:016x}", settings.environment, place);
  std::error_code fault;
  fs::create_directories(folder, fault);
  fs::permissions(folder, fs::perms::owner_all, fault);
  return fs::absolute(folder).string();
}

// That a look takes its time, on a terminal, for as long as it lives.
class Waiting {
 public:
  Waiting(const Io& io, bool with_drift) : io_(io) {
    if (io_.err_is_terminal) {
      io_.err << (with_drift ? "asking; terraform takes longest, --no-drift leaves it out"
                             : "asking")
              << std::flush;
    }
  }
  ~Waiting() {
    if (io_.err_is_terminal) {
      io_.err << "\r\x1b[K" << std::flush;
    }
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  const Io& io_;
};

std::string shown(const ops::EnvironmentStatus& status, const ops::DeploySettings& settings,
                  const EnvironmentStatusOptions& options, const Io& io) {
  const auto explanation = options.explain ? explain(status, settings) : std::nullopt;
  if (options.json) {
    return environment_json(status, explanation);
  }
  auto text = environment_text(status, wants_colour(io));
  if (options.explain && status.no_access.empty()) {
    text += '\n' + (status.ended.is_unknown() && !explanation
                        ? "what failed last is not known: " + status.ended.unknown + '\n'
                        : explanation_text(explanation, wants_colour(io)));
  }
  return text;
}

ExitCode look_once(const ops::DeploySettings& settings, const EnvironmentStatusOptions& options,
                   Io& io) {
  RealWorld world;
  const StopSignals signals;
  const StopListener listener(signals, world.interruption());
  const auto status = [&] {
    const Waiting waiting(io, options.drift);
    return ops::look(settings, world.world(), options.drift);
  }();
  if (world.interruption().pending(0)) {
    return ExitCode::interrupted;
  }
  io.out << shown(status, settings, options, io);
  return exit_code_of(status);
}

// What differs, asked for beside the looks, and again when it has grown old.
class DriftWatch {
 public:
  DriftWatch(const ops::DeploySettings& settings, ops::World world)
      : settings_(settings), world_(world) {}

  ops::Finding<ops::Drift> newest(const ops::EnvironmentStatus& status) {
    if (asked_.valid() && asked_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      drift_ = asked_.get();
    }
    const bool is_old = !began_ || Steady::now() - *began_ >= kDriftLasts;
    if (!asked_.valid() && is_old && status.no_access.empty()) {
      began_ = Steady::now();
      asked_ = std::async(std::launch::async,
                          [this, status] { return look_at_drift(settings_, world_, status); });
    }
    return drift_;
  }

 private:
  const ops::DeploySettings& settings_;
  const ops::World world_;
  std::optional<Steady::time_point> began_;
  ops::Finding<ops::Drift> drift_{.unknown = "terraform is still at it"};
  std::future<ops::Finding<ops::Drift>> asked_;
};

ExitCode watch(const ops::DeploySettings& settings, const EnvironmentStatusOptions& options,
               Io& io) {
  const auto interval = options.interval.value_or(kBetweenLooks);
  const bool on_screen = io.out_is_terminal && !options.json;
  RealWorld world;
  DriftWatch drift(settings, world.world());
  LiveScreen screen(io.out, on_screen);
  if (on_screen) {
    screen.draw("asking\n");
  }
  for (auto next = Steady::now();;) {
    auto status = ops::look(settings, world.world(), false);
    if (options.drift) {
      status.drift = drift.newest(status);
    }
    screen.draw(shown(status, settings, options, io) + (on_screen || options.json ? "" : "\n"));
    if (!io.out) {  // nobody reads it any more
      return ExitCode::ok;
    }
    next = std::max(next + std::chrono::duration_cast<Steady::duration>(interval), Steady::now());
    std::this_thread::sleep_until(next);
  }
}

}  // namespace

ExitCode environment_status(const EnvironmentStatusOptions& options, Io& io) {
  if (options.watch && options.interval && *options.interval < kShortest) {
    throw UsageError("--interval is at least 5s with --env: each look starts many commands");
  }
  auto settings = find_environment(options.environment, options.config_dir);
  if (options.drift) {
    settings.root.data = terraform_data(settings, io);
  }
  return options.watch ? watch(settings, options, io) : look_once(settings, options, io);
}

}  // namespace comments::cli
