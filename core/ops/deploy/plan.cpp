// What Terraform would change, on one screen; and what serves now, which an undo brings back.
#include <fmt/format.h>

#include "core/ops/cloud/objects.h"
#include "core/ops/deploy/before.h"
#include "core/ops/deploy/plan_file.h"
#include "core/ops/deploy/steps.h"

namespace comments::ops::steps {
namespace {

constexpr int kNoChanges = 0;
constexpr int kChanges = 2;

std::string screen(const Release& release) {
  const auto& service = release.service;
  const auto& plan = release.plan;
  const auto& before = release.progress.before;
  std::string text =
      fmt::format("serving now: {}", !service ? "nothing, this is the first release"
                                     : release.inherits_before
                                         ? fmt::format("{}; an undo brings back {}, image {}",
                                                       split_text(service->split),
                                                       split_text(before.split), before.image)
                                         : split_text(service->split) + ", image " + before.image);
  for (const auto& change : plan.changes) {
    text += fmt::format("\n  {:<8} {}", change.action, change.address);
  }
  for (const auto& warning : plan.warnings) {
    text += "\n  warning  " + warning;
  }
  text += fmt::format(
      "\n{} to add, {} to change, {} to destroy; then traffic {} %", plan.add, plan.change,
      plan.remove,
      service ? fmt::format("{}", fmt::join(release.settings.canary.steps, ", ")) : "100");
  return text;
}

std::optional<StepResult> make_plan(Release& release) {
  const auto& root = release.settings.root;
  const auto planning = terraform::plan(root, release.image(), release.request.plan_file);
  const auto planned = release.run(planning);
  release.plan = summary_of(planned.out);
  if (planned.end != Outcome::End::exited ||
      (planned.exit_code != kNoChanges && planned.exit_code != kChanges)) {
    return release.terraform_failure(planning, planned);
  }
  return std::nullopt;
}

std::string traffic_now(const Release& release) {
  return release.service ? split_text(release.service->split) : "";
}

Result<std::string> state_generation(Release& release) {
  const auto question = gcloud::object(state_object(release.settings));
  const auto outcome = release.ask(question);
  if (!outcome.ok() && says_not_found(outcome.err)) {
    return std::string(gcloud::kNoObject);
  }
  const auto generation = parse_generation(outcome.out);
  if (!outcome.ok() || !generation) {
    return Error{ErrorCode::unavailable, describe(question, outcome), {}};
  }
  return *generation;
}

// The plan that somebody has read and approved, and nothing else.
std::optional<StepResult> take_plan(Release& release) {
  const auto& path = release.request.plan_in;
  const auto text = release.world.files.read(path);
  if (!text) {
    return failed(text.error().message);
  }
  const auto file = parse_plan_file(*text);
  if (!file) {
    return failed(path + " is no plan of ours, or was changed: make it anew with --plan-only",
                  Ending::refused);
  }
  const auto generation = state_generation(release);
  if (!generation) {
    return failed(generation.error().message);
  }
  const auto differs = file->environment != release.settings.environment ? "environment"
                       : file->commit != release.commit                  ? "commit"
                       : file->digest != release.digest                  ? "image's digest"
                       : file->state_generation != *generation           ? "state"
                       : file->traffic != traffic_now(release)           ? "traffic"
                                                                         : nullptr;
  if (differs != nullptr) {
    return failed(fmt::format("the {} is not the one that {} was made for: make and approve it "
                              "anew with --plan-only",
                              differs, path),
                  Ending::refused);
  }
  if (const auto written = release.world.files.write(release.request.plan_file, file->plan);
      !written) {
    return failed(written.error().message);
  }
  return std::nullopt;
}

// Google's provider sends a service as a whole, its traffic as the plan found it. So the plan must
// find no split that a new revision would be part of, and nobody may move traffic until it is
// applied.
std::optional<StepResult> pin(Release& release) {
  const auto& settings = release.settings;
  if (!release.service || !release.service->follows_latest) {
    return std::nullopt;
  }
  const auto command =
      gcloud::move_traffic(settings.place, settings.service, release.service->split);
  if (release.request.kind == DeployRequest::Kind::plan_only) {
    return failed(
        fmt::format("traffic follows the newest revision, which would have all readers at "
                    "once: run `{}` first",
                    shell_quoted(command)));
  }
  const auto outcome = release.ask(command);
  return outcome.ok() ? release.describe_service()
                      : std::optional(release.failure(command, outcome));
}

}  // namespace

StepResult plan(Release& release) {
  const auto& root = release.settings.root;
  if (auto fault = release.describe_service()) {
    return *fault;
  }
  if (release.service && release.service->split.empty()) {
    // It was made once, but never became ready: nobody is served.
    release.service.reset();
  }
  if (auto fault = remember_before(release)) {
    return *fault;
  }
  if (auto fault = pin(release)) {
    return *fault;
  }
  const auto init = terraform::init(root);
  if (const auto outcome = release.ask(init); !outcome.ok()) {
    auto result = release.failure(init, outcome);
    if (outcome.err.find("credentials") != std::string::npos) {
      result.text +=
          "\nTerraform logs in apart from gcloud: run `gcloud auth application-default login`";
    }
    return result;
  }
  auto fault = release.request.plan_in.empty() ? make_plan(release) : take_plan(release);
  if (fault) {
    return *fault;
  }
  const auto bytes = release.world.files.read(release.request.plan_file);
  if (!bytes) {
    return failed(bytes.error().message);
  }
  release.progress.plan_hash = sha256(*bytes);
  return done(release.request.plan_in.empty() ? screen(release)
                                              : "the approved plan of " + release.request.plan_in);
}

StepResult keep_plan(Release& release) {
  const auto plan = release.world.files.read(release.request.plan_file);
  if (!plan) {
    return failed(plan.error().message);
  }
  const auto generation = state_generation(release);
  if (!generation) {
    return failed(generation.error().message);
  }
  const auto text = plan_file_text({.environment = release.settings.environment,
                                    .commit = release.commit,
                                    .digest = release.digest,
                                    .state_generation = *generation,
                                    .traffic = traffic_now(release),
                                    .plan = *plan});
  const auto& path = release.request.plan_out;
  if (const auto written = release.world.files.write(path, text); !written) {
    return failed(written.error().message);
  }
  return done(
      fmt::format("{}: may hold secrets; apply it with `comments deploy --env {} --plan {}`", path,
                  release.settings.environment, path));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void plan(Script& script) {
  const auto& settings = script.settings;
  const auto& request = script.request;
  script.command(gcloud::service(settings.place, settings.service));
  script.note("if the newest revision is not the one that serves, that one's image is asked for");
  script.note(
      "if traffic follows the newest revision, it is pinned to the one "
      "that serves, first");
  script.command(terraform::init(settings.root));
  if (request.plan_in.empty()) {
    script.command(terraform::plan(settings.root, script.image, request.plan_file));
  } else {
    script.note("the plan of " + request.plan_in + ", if nothing has moved since:");
    script.command(gcloud::object(state_object(settings)));
  }
}

void keep_plan(Script& script) {
  script.command(gcloud::object(state_object(script.settings)));
}

}  // namespace comments::ops::scripts
