#include "core/ops/deploy/recipe.h"

#include <array>

#include <fmt/format.h>

#include "core/ops/cloud/git.h"
#include "core/ops/deploy/ending.h"
#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/watch_terraform.h"

namespace comments::ops {
namespace {

using Kind = DeployRequest::Kind;

constexpr Step kPreflight{
    "preflight", "is everything there that this needs?", steps::preflight, {}};
constexpr Step kImage{"image", "the image of this commit, by digest", steps::image, {}};
constexpr Step kLock{"lock", "one rollout at a time", steps::lock, {}};
constexpr Step kPlan{"plan", "what Terraform would change", steps::plan, Phase::apply};
constexpr Step kVerify{"verify", "does the public address answer with this commit?", steps::verify,
                       Phase::verify};
constexpr Step kRecord{"record", "who did what and when, and the way back", steps::record,
                       Phase::record};

constexpr std::array kDeploy{
    kPreflight,
    kImage,
    kLock,
    kPlan,
    Step{"migrate", "the schema, so that old and new code can both use it", steps::migrate,
         Phase::migrate},
    Step{"apply", "what was planned; a new revision without readers", steps::apply, Phase::apply},
    Step{"gate", "does the new revision keep the contract?", steps::gate, Phase::canary},
    Step{"canary", "a few readers, then more", steps::canary, Phase::canary},
    kVerify,
    kRecord,
};

constexpr std::array kPlanOnly{
    kPreflight,
    kImage,
    kPlan,
    Step{"keep", "the plan into its file", steps::keep_plan, {}},
};

constexpr std::array kRollback{
    kPreflight,
    kLock,
    Step{"choose", "which release to go back to", steps::choose, {}},
    Step{"restore", "readers first, then Terraform", steps::restore, {}},
    kVerify,
    kRecord,
};

// The commands of a rollout in which all goes well, written down beside what they are for.
class Script {
 public:
  Script(const DeploySettings& settings, const DeployRequest& request)
      : settings_(settings),
        request_(request),
        commit_(request.commit.empty() ? "COMMIT" : request.commit) {}

  std::string text() {
    for (const auto& step : recipe(request_.kind)) {
      note(fmt::format("{}: {}", step.name, step.what));
      write(step.name);
    }
    return text_;
  }

 private:
  void note(const std::string& line) { text_ += "# " + line + "\n"; }
  void command(const Command& command) {
    // Only what changes the cloud, or asks it, is a line of its own.
    const auto& program = command.words.front();
    text_ += (program == "git" ? "#   " : "") + shell_quoted(command) + "\n";
  }

  void write(std::string_view step) {
    if (step == "preflight") {
      preflight();
    } else if (step == "image") {
      image();
    } else if (step == "lock") {
      lock();
    } else if (step == "plan") {
      plan();
    } else if (step == "keep") {
      command(gcloud::object(state_object(settings_)));
    } else if (step == "migrate") {
      migrate();
    } else if (step == "apply") {
      apply();
    } else if (step == "gate") {
      gate();
    } else if (step == "canary") {
      canary();
    } else if (step == "verify") {
      verify();
    } else if (step == "record") {
      record();
    } else if (step == "choose") {
      choose();
    } else if (step == "restore") {
      restore();
    }
  }

  void preflight() {
    command(gcloud::version());
    command(terraform::version());
    command(gcloud::active_account());
    if (request_.kind != Kind::rollback) {
      command(git::head());
      command(git::changes());
    }
    command(gcloud::project(settings_.place.project));
    command(gcloud::enabled_services(settings_.place.project));
    command(gcloud::bucket(settings_.state_bucket));
  }

  void image() {
    command(gcloud::image(settings_.image + ":" + commit_));
    if (request_.build) {
      note("if it is not there:");
      command(git::time(commit_));
      command(gcloud::build(build_place(settings_), settings_.build_config, settings_.image,
                            commit_, "TIME"));
      command(gcloud::image(settings_.image + ":" + commit_));
    }
  }

  void lock() {
    const bool looks_first = request_.kind != Kind::deploy;
    if (looks_first) {
      command(gcloud::object(lock_object(settings_)));
    }
    const bool takes_over = request_.kind == Kind::resume || request_.steal_lock;
    if (takes_over) {
      command(gcloud::read(lock_object(settings_), kGeneration));
    }
    renew(takes_over ? kGeneration : gcloud::kNoObject);
  }

  void renew(const std::string& over) {
    note("with who holds it, until when, and how far it is, on standard input:");
    command(gcloud::write(lock_object(settings_), over, ""));
  }

  void plan() {
    command(gcloud::service(settings_.place, settings_.service));
    note("if traffic follows the newest revision, it is pinned to the one that serves, first");
    command(terraform::init(settings_.root));
    if (request_.plan_in.empty()) {
      command(terraform::plan(settings_.root, new_image(), request_.plan_file));
    } else {
      note("the plan of " + request_.plan_in + ", if nothing has moved since:");
      command(gcloud::object(state_object(settings_)));
    }
  }

  void migrate() {
    if (settings_.migrate_job.empty()) {
      return note("skipped: there is no database");
    }
    renew(kGeneration);
    command(gcloud::set_job_image(settings_.place, settings_.migrate_job, new_image()));
    command(gcloud::run_job(settings_.place, settings_.migrate_job));
  }

  void apply() {
    renew(kGeneration);
    command(terraform::apply_plan(settings_.root, request_.plan_file));
    command(gcloud::service(settings_.place, settings_.service));
    move({}, {gcloud::TagChange::Kind::update, {{std::string(kCandidateTag), kRevision}}});
  }

  void gate() {
    renew(kGeneration);
    command(gcloud::service(settings_.place, settings_.service));
    note("a post, a list, a 404 and /health/ready at the new revision's own address");
  }

  void canary() {
    for (const auto percent : settings_.canary.steps) {
      renew(kGeneration);
      move(with_candidate({{kServing, 100}}, kRevision, percent));
      if (percent < 100) {
        note(fmt::format("watched for {} s and longer, in {}",
                         std::chrono::duration<double>(settings_.canary.bake).count(),
                         settings_.prometheus.empty() ? "nothing: no prometheus is named"
                                                      : settings_.prometheus));
      }
    }
  }

  void verify() {
    renew(kGeneration);
    note(fmt::format("{}/health/ready, {} times", settings_.url, settings_.verify_requests));
  }

  void record() {
    renew(kGeneration);
    if (request_.kind != Kind::rollback) {
      move({}, {gcloud::TagChange::Kind::remove, {{std::string(kCandidateTag), ""}}});
    }
    note("with the record on standard input:");
    command(gcloud::write(releases_folder(settings_) + "TIME-" + commit_.substr(0, 12) + ".json",
                          gcloud::kNoObject, ""));
    command(gcloud::remove(lock_object(settings_), kGeneration));
  }

  void choose() {
    command(gcloud::service(settings_.place, settings_.service));
    command(gcloud::objects(releases_folder(settings_)));
    command(gcloud::read(releases_folder(settings_) + "RELEASE.json"));
    command(gcloud::revision(settings_.place, kRevision));
  }

  void restore() {
    renew(kGeneration);
    move({{kRevision, 100}});
    command(terraform::init(settings_.root));
    command(terraform::apply_image(settings_.root, new_image()));
  }

  void move(const Split& split, const gcloud::TagChange& tags = {}) {
    command(gcloud::move_traffic(settings_.place, settings_.service, split, tags));
  }

  std::string new_image() const { return settings_.image + "@DIGEST"; }

  static constexpr const char* kGeneration = "GENERATION";
  static constexpr const char* kRevision = "REVISION";
  static constexpr const char* kServing = "SERVING";

  const DeploySettings& settings_;
  const DeployRequest& request_;
  const std::string commit_;
  std::string text_;
};

}  // namespace

std::span<const Step> recipe(Kind kind) {
  switch (kind) {
    case Kind::plan_only:
      return kPlanOnly;
    case Kind::rollback:
      return kRollback;
    case Kind::deploy:
    case Kind::resume:
      break;
  }
  return kDeploy;
}

std::string dry_run(const DeploySettings& settings, const DeployRequest& request) {
  return Script(settings, request).text();
}

}  // namespace comments::ops
