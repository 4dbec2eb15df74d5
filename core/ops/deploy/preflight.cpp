// Whether everything that a rollout needs is there. All faults are told at once.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/ops/cloud/git.h"
#include "core/ops/cloud/json.h"
#include "core/ops/cloud/objects.h"
#include "core/ops/deploy/steps.h"
#include "core/ops/together.h"

namespace comments::ops::steps {
namespace {

constexpr int kLeastTerraform = 11;  // 1.11: write-only arguments
// What gcloud itself proposes is another login.
constexpr std::string_view kTerraformLogin =
    "Terraform logs in apart from gcloud: run `gcloud auth application-default login`, or in a "
    "pipeline let google-github-actions/auth log in";

struct Asked {
  Command command;
  Outcome outcome;
};

std::vector<Asked> ask_all(Release& release, std::vector<Command> commands) {
  for (const auto& command : commands) {
    release.tell(Event::Kind::command, shell_quoted(command));
  }
  auto outcomes = run_together(release.world.runner, commands);
  std::vector<Asked> asked;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    asked.push_back({std::move(commands[i]), std::move(outcomes[i])});
  }
  return asked;
}

using Faults = std::vector<std::string>;

// True: it was started and did well.
bool worked(const Asked& asked, Faults& faults, std::string_view remedy) {
  if (!asked.outcome.ok()) {
    faults.push_back(fmt::format("{}; {}", describe(asked.command, asked.outcome), remedy));
  }
  return asked.outcome.ok();
}

void check_terraform(const Asked& asked, Faults& faults) {
  if (!worked(asked, faults, "install Terraform 1.11 or newer")) {
    return;
  }
  const auto version = text_at(parse_json(asked.outcome.out), "/terraform_version");
  int major = 0;
  int minor = 0;
  if (std::sscanf(version.c_str(), "%d.%d", &major, &minor) != 2 ||
      (major == 1 && minor < kLeastTerraform) || major < 1) {
    faults.push_back(fmt::format("Terraform is {}: install 1.{} or newer",
                                 version.empty() ? "of an unknown version" : version,
                                 kLeastTerraform));
  }
}

void check_account(Release& release, const Asked& asked, Faults& faults) {
  if (!worked(asked, faults, "see whether gcloud works at all")) {
    return;
  }
  if (const auto account = parse_account(asked.outcome.out)) {
    release.account = *account;
  } else {
    faults.emplace_back(
        "gcloud has no account: run `gcloud auth login`, or in a pipeline let "
        "google-github-actions/auth log in");
  }
}

void check_commit(Release& release, Faults& faults) {
  if (release.commit.empty()) {
    release.commit = release.tree;
  } else if (release.commit != release.tree) {
    faults.push_back(
        fmt::format("the working tree is at {}, and its Terraform is not that of {}: "
                    "run `git switch --detach {}`",
                    release.tree.substr(0, 12), release.commit.substr(0, 12), release.commit));
  }
}

void check_tree(Release& release, const Asked& head, const Asked& changes, Faults& faults) {
  if (!worked(head, faults, "run it in a clone of the repository")) {
    return;
  }
  release.tree = head.outcome.out.substr(0, head.outcome.out.find('\n'));
  if (release.request.kind != DeployRequest::Kind::rollback) {
    check_commit(release, faults);
  }
  if (worked(changes, faults, "see whether git works at all") && !changes.outcome.out.empty()) {
    faults.emplace_back(
        "the working tree has changes that no commit has: commit or stash them "
        "(`git status` lists them)");
  }
}

void check_apis(const DeploySettings& settings, const Asked& asked, Faults& faults) {
  if (!worked(asked, faults, "may this account list the project's services?")) {
    return;
  }
  std::set<std::string> enabled;
  for (const auto& service : parse_json(asked.outcome.out)) {
    enabled.insert(text_at(service, "/config/name"));
  }
  std::vector<std::string> missing;
  for (const auto* name :
       {"artifactregistry.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com",
        "run.googleapis.com", "storage.googleapis.com"}) {
    if (!enabled.contains(name)) {
      missing.emplace_back(name);
    }
  }
  if (!missing.empty()) {
    faults.push_back(fmt::format("APIs are off: run `gcloud services enable {} --project={}`",
                                 fmt::join(missing, " "), settings.place.project));
  }
}

bool was_interrupted(const std::vector<Asked>& asked) {
  return std::any_of(asked.begin(), asked.end(),
                     [](const Asked& one) { return one.outcome.end == Outcome::End::interrupted; });
}

// False: a person wants to stop.
bool check_project(Release& release, Faults& faults) {
  const auto& settings = release.settings;
  const auto asked = ask_all(release, {gcloud::project(settings.place.project),
                                       gcloud::enabled_services(settings.place.project),
                                       gcloud::bucket(settings.state_bucket)});
  if (was_interrupted(asked)) {
    return false;
  }
  const bool project =
      worked(asked[0], faults,
             fmt::format("is {} the project's id in deploy.toml, and may {} see it?",
                         settings.place.project, release.account));
  if (project) {
    check_apis(settings, asked[1], faults);
  }
  worked(asked[2], faults, "terraform/bootstrap makes the state bucket");
  return true;
}

std::string list_of(const Faults& faults) {
  std::string text;
  for (const auto& fault : faults) {
    text += "\n- " + fault;
  }
  return text;
}

// Who goes back in the night gives readers back first. What Terraform lacks keeps only Terraform
// waiting.
void put_off(Release& release, const Faults& faults) {
  if (!faults.empty()) {
    release.terraform_fault = "this stands in Terraform's way:" + list_of(faults);
    release.tell(Event::Kind::note, "readers go back first; then " + release.terraform_fault);
  }
}

}  // namespace

StepResult preflight(Release& release) {
  Faults faults;
  Faults of_terraform;  // readers can be moved without it
  std::vector<Command> commands{gcloud::version(), terraform::version(), gcloud::active_account(),
                                git::head(), git::changes()};
  if (!release.request.terraform_logs_in) {
    commands.push_back(gcloud::application_default_login());
  }
  const auto asked = ask_all(release, std::move(commands));
  if (was_interrupted(asked)) {
    return failed("interrupted", Ending::interrupted);
  }
  const bool gcloud_works = worked(asked[0], faults, "install the Google Cloud CLI");
  check_terraform(asked[1], of_terraform);
  if (gcloud_works) {
    check_account(release, asked[2], faults);
  }
  check_tree(release, asked[3], asked[4], of_terraform);
  if (gcloud_works && !release.request.terraform_logs_in) {
    worked(asked.back(), of_terraform, kTerraformLogin);
  }
  if (!release.account.empty() && !check_project(release, faults)) {
    return failed("interrupted", Ending::interrupted);
  }
  if (release.request.kind == DeployRequest::Kind::rollback && faults.empty()) {
    put_off(release, of_terraform);
  } else {
    faults.insert(faults.end(), of_terraform.begin(), of_terraform.end());
  }
  return faults.empty()
             ? done(fmt::format("{} in {}, commit {}", release.account,
                                release.settings.place.project, release.tree.substr(0, 12)))
             : failed("this stands in the way:" + list_of(faults));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void preflight(Script& script) {
  script.command(gcloud::version());
  script.command(terraform::version());
  script.command(gcloud::active_account());
  script.command(git::head());
  script.command(git::changes());
  if (!script.request.terraform_logs_in) {
    script.command(gcloud::application_default_login());
  }
  script.command(gcloud::project(script.settings.place.project));
  script.command(gcloud::enabled_services(script.settings.place.project));
  script.command(gcloud::bucket(script.settings.state_bucket));
}

}  // namespace comments::ops::scripts
