// Every command line that the program can make, held against a committed list: a new one is
// noticed, and gets its permissions (terraform/permissions.json) and gcloud's own opinion
// (tests/ops/lint-command-lines).
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/ops/cloud/gcloud.h"
#include "core/ops/cloud/git.h"
#include "core/ops/cloud/terraform.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

const gcloud::Place kPlace{"example-comments-prod", "europe-west1"};
const std::string kRepository =
    "europe-west1-docker.pkg.dev/example-comments-build/comments/comments";
const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
const std::string kImage =
    kRepository + "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kBucket = "gs://example-comments-prod-state/";
const std::string kLock = kBucket + "deploy/lock.json";
const std::string kReleases = kBucket + "deploy/releases/";
const std::string kRelease = kReleases + "2026-11-28T19-00-00-000Z-0123456789ab.json";
const std::string kGeneration = "1795891200000000";
const std::string kOld = "comments-00041-abc";
const std::string kNew = "comments-00042-def";
const terraform::Root kRoot{"terraform/stack", "terraform/environments/prod/backend.gcs.tfbackend",
                            "terraform/environments/prod/terraform.tfvars"};

Command traffic(const Split& split, const gcloud::TagChange& tags = {}) {
  return gcloud::move_traffic(kPlace, "comments", split, tags);
}

std::vector<Command> every_command() {
  using Kind = gcloud::TagChange::Kind;
  return {
      gcloud::version(),
      terraform::version(),
      gcloud::active_account(),
      git::head(),
      git::time(kCommit),
      git::changes(),
      gcloud::project(kPlace.project),
      gcloud::enabled_services(kPlace.project),
      gcloud::bucket("example-comments-prod-state"),
      gcloud::image(kRepository + ":" + kCommit),
      gcloud::build(kPlace, "scripts/cloudbuild.yaml", kRepository, kCommit, "1795897326"),
      gcloud::object(kLock),
      gcloud::object(kBucket + "stack/default.tfstate"),
      gcloud::read(kLock),
      gcloud::read(kLock, kGeneration),
      gcloud::write(kLock, gcloud::kNoObject, ""),
      gcloud::write(kLock, kGeneration, ""),
      gcloud::write(kRelease, gcloud::kNoObject, ""),
      gcloud::remove(kLock, kGeneration),
      gcloud::objects(kReleases),
      gcloud::read(kRelease),
      gcloud::service(kPlace, "comments"),
      gcloud::remove_service(kPlace, "comments"),
      gcloud::revision(kPlace, kOld),
      gcloud::revisions(kPlace, "comments"),
      traffic({{kOld, 100}}),
      traffic({{kOld, 95}, {kNew, 5}}),
      traffic({}, {Kind::update, {{"candidate", kNew}}}),
      traffic({}, {Kind::remove, {{"candidate", ""}}}),
      traffic({{kOld, 100}}, {Kind::set, {{"preview", kOld}}}),
      traffic({{kOld, 100}}, {Kind::set, {}}),
      gcloud::set_job_image(kPlace, "comments-migrate", kImage),
      gcloud::run_job(kPlace, "comments-migrate"),
      gcloud::revision_log(kPlace, kNew),
      gcloud::job_log(kPlace, "comments-migrate"),
      gcloud::access_token(),
      gcloud::application_default_login(),
      gcloud::alert_policies(kPlace.project),
      terraform::init(kRoot),
      terraform::plan(kRoot, kImage, "comments.tfplan"),
      terraform::drift(kRoot, kImage),
      terraform::apply_plan(kRoot, "comments.tfplan"),
      terraform::apply_image(kRoot, kImage),
      terraform::force_unlock(kRoot, kGeneration),
  };
}

TEST_CASE("every command line is on the list, and the list has no other", "[ops]") {
  std::string now;
  for (const auto& command : every_command()) {
    now += shell_quoted(command) + "\n";
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  if (std::getenv("COMMENTS_UPDATE_COMMAND_LINES") != nullptr) {
    std::ofstream(COMMENTS_COMMAND_LINES) << now;
  }
  std::ifstream file(COMMENTS_COMMAND_LINES);
  std::stringstream kept;
  kept << file.rdbuf();
  INFO("COMMENTS_UPDATE_COMMAND_LINES=1 writes " COMMENTS_COMMAND_LINES " anew");
  CHECK(kept.str() == now);
}

TEST_CASE("every command has a deadline, and no tool may ask a question", "[ops]") {
  for (const auto& command : every_command()) {
    INFO(shell_quoted(command));
    CHECK(command.deadline.count() > 0);
    if (const auto& program = command.words.front(); program != "git") {
      const std::string variable =
          program == "gcloud" ? "CLOUDSDK_CORE_DISABLE_PROMPTS" : "TF_INPUT";
      CHECK(std::any_of(command.environment.begin(), command.environment.end(),
                        [&](const auto& pair) { return pair.first == variable; }));
    }
  }
}

}  // namespace
}  // namespace comments::ops
