// What Terraform has planned. A new revision gets no requests: traffic is pinned to what serves
// now.
#include <fmt/format.h>

#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/watch_terraform.h"

namespace comments::ops::steps {
namespace {

std::optional<StepResult> tag(Release& release) {
  const auto& settings = release.settings;
  auto& candidate = release.progress.candidate;
  candidate = release.service->latest_created;
  const auto command = gcloud::move_traffic(
      settings.place, settings.service, {},
      {gcloud::TagChange::Kind::update, {{std::string(kCandidateTag), candidate}}});
  const auto outcome = release.ask(command);
  return outcome.ok() ? std::nullopt : std::optional(release.failure(command, outcome));
}

}  // namespace

StepResult apply(Release& release) {
  if (auto fault = release.advance(Phase::apply)) {
    return *fault;
  }
  const auto command = terraform::apply_plan(release.settings.root, release.request.plan_file);
  TerraformWatch watch(release);
  const auto outcome = release.run(command, watch.sink());
  if (!outcome.ok()) {
    return release.terraform_failure(command, outcome);
  }
  if (auto fault = release.describe_service()) {
    return *fault;
  }
  if (!release.service) {
    return failed(
        "Terraform is done, but there is no service: does deploy.toml name the one that "
        "it makes?");
  }
  if (release.service->image != release.image()) {
    return failed(
        fmt::format("Terraform is done, but the newest revision has the image {}: does the "
                    "root module use var.image?",
                    release.service->image));
  }
  if (auto fault = tag(release)) {
    return *fault;
  }
  return done(fmt::format("{}; new revision {}", watch.totals(), release.progress.candidate));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void apply(Script& script) {
  const auto& settings = script.settings;
  script.write_lock();
  script.command(terraform::apply_plan(settings.root, script.request.plan_file));
  script.command(gcloud::service(settings.place, settings.service));
  script.move_traffic({},
                      {gcloud::TagChange::Kind::update, {{std::string(kCandidateTag), kRevision}}});
}

}  // namespace comments::ops::scripts
