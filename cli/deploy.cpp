// comments deploy: a commit rolled out.
#include "core/ops/deploy/deploy.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/deploy_environment.h"
#include "cli/deploy_heartbeat.h"
#include "cli/deploy_view.h"
#include "cli/real_world.h"
#include "cli/stop_listener.h"
#include "core/ops/deploy/dry_run.h"

namespace comments::cli {
namespace {

using ops::DeployRequest;
using ops::Ending;

constexpr std::chrono::seconds kSilence{4};  // nobody shall wonder for longer than 5 s

struct DeployOptions {
  std::string environment;
  std::string config_dir;
  DeployRequest request;
  CLI::Option* rollback = nullptr;
  bool dry_run = false;
  bool plan_only = false;
  bool resume = false;
  bool json = false;
  bool verbose = false;
};

ExitCode exit_of(Ending ending) {
  switch (ending) {
    case Ending::released:
    case Ending::planned:
      return ExitCode::ok;
    case Ending::failed:
      return ExitCode::failed;
    case Ending::refused:
      return ExitCode::refused;
    case Ending::rolled_back:
      return ExitCode::rolled_back;
    case Ending::held:
      return ExitCode::held;
    case Ending::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::failed;
}

bool is_commit(const std::string& text) {
  constexpr std::size_t kDigits = 40;
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void refuse_contradictions(const DeployOptions& options) {
  const auto& request = options.request;
  const bool goes_back = options.rollback->count() > 0;
  if (int{options.plan_only} + int{options.resume} + int{goes_back} +
          int{!request.plan_in.empty()} >
      1) {
    throw UsageError("--plan-only, --plan, --resume and --rollback exclude each other");
  }
  if (options.plan_only != !request.plan_out.empty()) {
    throw UsageError("--plan-only and --out FILE belong together");
  }
  if (!request.commit.empty() && !is_commit(request.commit)) {
    throw UsageError(
        fmt::format("--commit {}: give the whole commit, 40 hexadecimal digits "
                    "(`git rev-parse HEAD`)",
                    request.commit));
  }
}

std::string host_name() {
  constexpr std::size_t kMost = 256;
  char name[kMost] = "";
  return ::gethostname(name, kMost - 1) == 0 ? name : "unknown";
}

bool is_set(const Io& io, const char* variable) {
  return !io.environment(variable).value_or("").empty();
}

DeployRequest request_of(const DeployOptions& options, const Io& io) {
  refuse_contradictions(options);
  auto request = options.request;
  request.kind = options.plan_only                ? DeployRequest::Kind::plan_only
                 : options.resume                 ? DeployRequest::Kind::resume
                 : options.rollback->count() != 0 ? DeployRequest::Kind::rollback
                                                  : DeployRequest::Kind::deploy;
  request.host = host_name();
  request.process = ::getpid();
  request.terraform_logs_in =
      is_set(io, "GOOGLE_CREDENTIALS") || is_set(io, "GOOGLE_OAUTH_ACCESS_TOKEN");
  return request;
}

// A folder that nobody else can read, for as long as this lives: a plan may hold secrets.
class PrivateFolder {
 public:
  PrivateFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "comments-deploy-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no folder can be made for the plan: is the disk full?");
    }
    path_ = pattern;
  }
  ~PrivateFolder() { remove(); }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  std::string file(const char* name) const { return (path_ / name).string(); }
  void remove() const {
    std::error_code fault;
    std::filesystem::remove_all(path_, fault);
  }

 private:
  std::filesystem::path path_;
};

// A person would not wait for the undo. Whatever child is at work goes on by itself.
ops::Event abandoned(const DeployOptions& options, std::chrono::duration<double> since) {
  const auto text =
      options.plan_only
          ? std::string("ended at once; nothing was touched")
          : fmt::format(
                "ended at once: what was under way may be half done, and the lock stays if it was "
                "taken. What is left: `comments status --env {0}`; to go on, or to end the undo: "
                "`comments deploy --env {0} --resume`",
                options.environment);
  return {ops::Event::Kind::ended, "abandoned", text, since.count()};
}

ExitCode deploy(const DeployOptions& options, Io& io) {
  auto request = request_of(options, io);
  const auto settings = find_environment(options.environment, options.config_dir);
  if (options.dry_run) {
    request.plan_file = "comments.tfplan";
    io.out << ops::dry_run(settings, request);
    return ExitCode::ok;
  }
  const PrivateFolder folder;
  request.plan_file = folder.file("comments.tfplan");
  RealWorld world;
  const auto began = world.world().time.now();
  const StopSignals signals;  // before any thread
  const auto teller = make_deploy_heartbeat(
      options.json ? make_deploy_json(io) : make_deploy_text(io, options.verbose), kSilence);
  const StopListener listener(signals, world.interruption(), [&] {
    teller->tell(abandoned(options, world.world().time.now() - began));
    folder.remove();
  });
  return exit_of(ops::deploy(settings, request, world.world(), *teller));
}

}  // namespace

Action declare_deploy(CLI::App& app) {
  auto options = std::make_shared<DeployOptions>();
  auto& request = options->request;
  app.add_option("--env", options->environment, "The environment, such as prod")->type_name("ENV");
  app.add_option("--config-dir", options->config_dir,
                 "Where environments have their folders [terraform/environments, here or above]")
      ->type_name("DIR");
  app.add_option("--commit", request.commit, "What to roll out [the working tree's commit]")
      ->type_name("HASH");
  app.add_flag("--build", request.build, "Build the image, if it is not there");
  app.add_flag("--dry-run", options->dry_run,
               "Print what would be run; needs no account and no network");
  app.add_flag("--plan-only", options->plan_only, "Only plan, into the file of --out");
  app.add_option("--out", request.plan_out, "Where --plan-only puts the plan; may hold secrets")
      ->type_name("FILE");
  app.add_option("--plan", request.plan_in, "Apply exactly this plan, or refuse")
      ->type_name("FILE");
  app.add_flag("--resume", options->resume, "Go on with a rollout that died or is held");
  options->rollback =
      app.add_option("--rollback", request.to_release,
                     "Back to the release before, or to the one of a commit; gives up a held one")
          ->type_name("[HASH]")
          ->expected(0, 1);
  app.add_flag("--steal-lock", request.steal_lock, "Take the lock from whoever has it");
  app.add_option("--freeze-override", request.freeze_override, "Roll out in spite of a freeze")
      ->type_name("REASON");
  app.add_flag("--json", options->json, "Print events, a line each, as JSON");
  app.add_flag("--verbose", options->verbose, "Show each command");
  app.footer(
      "Steps: preflight, image, lock, plan, migrate, apply, gate, canary, verify, record. What "
      "fails\n"
      "before apply has changed nothing (1); after it, exactly what served before serves again "
      "(5).\n"
      "A canary that nobody can judge is held (7), never promoted. --rollback moves readers "
      "first;\n"
      "then Terraform follows with the working tree's files, or, where these have changes that no\n"
      "commit has, the rollback is held. Settings are in the environment's deploy.toml;\n"
      "terraform/environments/README.md has them all.\n"
      "\n"
      "An event is {\"event\":…,\"format\":1,\"seconds\":…,\"step\":…,\"text\":…}. event: "
      "step_started,\n"
      "step_done, step_skipped, step_failed, command, progress, note, waiting, ended. waiting "
      "comes\n"
      "where nothing was told for 4 s, with what was told last. Of ended, step is released, "
      "planned,\n"
      "failed, refused, rolled_back, held, interrupted, or abandoned: by a second Ctrl-C.");
  return [options](Io& io) { return deploy(*options, io); };
}

}  // namespace comments::cli
