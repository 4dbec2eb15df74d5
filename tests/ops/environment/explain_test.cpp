// Why the last rollout failed, and what to type next.
#include "core/ops/environment/explain.h"

#include "core/ops/cloud/runner.h"
#include "core/ops/cloud/terraform_failure.h"
#include "tests/support/catch.h"
#include "tests/support/environments.h"
#include "tests/support/locked_state.h"

namespace comments::tests {
namespace {

using ops::Phase;
using std::chrono::minutes;

ops::DeploySettings settings() {
  ops::DeploySettings settings;
  settings.environment = "prod";
  settings.place = {"p", "r"};
  settings.service = "comments";
  settings.migrate_job = "comments-migrate";
  return settings;
}

std::vector<std::string> lines_of(const ops::Explanation& explanation) {
  std::vector<std::string> lines;
  for (const auto& next : explanation.next) {
    lines.push_back(next.line);
  }
  return lines;
}

ops::EnvironmentStatus with_failure(const std::string& result, const std::string& step,
                                    const std::string& reason) {
  auto status = healthy();
  auto record = record_of(kOlder, result, minutes(1));
  record.failed_step = step;
  record.reason = reason;
  record.revision = "comments-00008-def";
  record.last_words = "2026-11-28T11:58:00Z cannot open the store";
  status.ended.value->insert(status.ended.value->begin(), record);
  return status;
}

ops::Explanation must(const std::optional<ops::Explanation>& explanation) {
  REQUIRE(explanation);
  return *explanation;
}

}  // namespace

TEST_CASE("where nothing has failed there is nothing to explain", "[ops]") {
  CHECK_FALSE(explain(healthy(), settings()));
  auto status = healthy();
  status.rollout.value.emplace(progress_at(Phase::canary));  // goes on
  CHECK_FALSE(explain(status, settings()));
  status.ended = {.unknown = "nobody knows"};
  CHECK_FALSE(explain(status, settings()));
}

TEST_CASE("a release that was rolled back: step, command, words, and what to look at", "[ops]") {
  const auto explanation = must(explain(
      with_failure("rolled_back", "apply", "`terraform apply FILE` ended with 1:\nError: no\nmore"),
      settings()));
  CHECK(explanation.what ==
        "the rollout of 89abcdef0123 by alice@example.com was rolled back: "
        "readers have what they had before");
  CHECK(explanation.step == "apply");
  CHECK(explanation.command == "terraform apply FILE");
  CHECK(explanation.said == "Error: no\nmore");
  CHECK(explanation.last_words == "2026-11-28T11:58:00Z cannot open the store");
  CHECK(lines_of(explanation) ==
        std::vector{shell_quoted(ops::gcloud::revision_log({"p", "r"}, "comments-00008-def")),
                    std::string("comments deploy --env prod")});
}

TEST_CASE("of what terraform said, its words are kept, not its events", "[ops]") {
  auto status =
      with_failure("rolled_back", "apply",
                   "`terraform apply FILE` ended with 1:\n…adable\"}\n{\"@level\":\"error\"}"
                   "\n- a.b: no quota\n");
  status.ended.value->front().revision.clear();  // none came to be
  const auto explanation = must(explain(status, settings()));
  CHECK(explanation.said == "- a.b: no quota");
  CHECK(explanation.next.front().line ==
        shell_quoted(ops::gcloud::revisions({"p", "r"}, "comments")));
  status.ended.value->front().reason = "`terraform plan` ended with 1:\n{\"@level\":\"error\"}";
  CHECK(must(explain(status, settings())).said == "{\"@level\":\"error\"}");
}

TEST_CASE("a migration that failed: its job's log is what to look at", "[ops]") {
  const auto explanation = must(explain(
      with_failure("failed", "migrate", "`gcloud run jobs execute J` ended with 1"), settings()));
  CHECK(explanation.said.empty());
  CHECK(lines_of(explanation).front() ==
        shell_quoted(ops::gcloud::job_log({"p", "r"}, "comments-migrate")));
}

TEST_CASE("a failure that a newer release has healed asks for nothing", "[ops]") {
  auto status = with_failure("failed", "plan", "no");
  std::swap(status.ended.value->at(0), status.ended.value->at(1));
  const auto explanation = must(explain(status, settings()));
  CHECK(explanation.what.find("since then 0123456789ab was released") != std::string::npos);
  CHECK(explanation.next.empty());
  CHECK(explanation.reason == "no");
}

TEST_CASE("a held or dead rollout comes before all that has ended", "[ops]") {
  auto status = with_failure("failed", "plan", "no");
  auto progress = progress_at(Phase::canary);
  progress.held = true;
  progress.failure = "undecided: too few requests";
  progress.failed_step = "canary";
  status.rollout.value.emplace(progress);
  auto explanation = must(explain(status, settings()));
  CHECK(explanation.what.find("is held: a person decides") != std::string::npos);
  CHECK(explanation.reason == "undecided: too few requests");
  CHECK(explanation.command.empty());
  CHECK(lines_of(explanation).at(1) == "comments deploy --env prod --resume");
  CHECK(lines_of(explanation).at(2) == "comments deploy --env prod --rollback");

  progress.rollback = true;
  status.rollout.value.emplace(progress);
  CHECK(must(explain(status, settings())).next.back().line ==
        "comments deploy --env prod --resume");

  progress.rollback = false;
  progress.phase = Phase::undo;
  status.rollout.value.emplace(progress);
  explanation = must(explain(status, settings()));
  CHECK(explanation.step == "canary");
  CHECK(explanation.next.back().line == "comments deploy --env prod --resume");

  progress = progress_at(Phase::plan);
  progress.expires = kNoon;
  status.rollout.value.emplace(progress);
  explanation = must(explain(status, settings()));
  CHECK(explanation.step == "plan");
  CHECK(explanation.next.back().line == "comments deploy --env prod");
}

TEST_CASE("where Terraform's state is locked, freeing it comes first", "[ops]") {
  auto with = settings();
  with.root = {"stack", "backend", "variables"};
  const auto said = describe(with.root, ops::terraform::plan(with.root, "i", "f"),
                             {.exit_code = 1, .out = kStateIsLocked});
  const auto init = shell_quoted(ops::terraform::init(with.root));
  const auto unlock = "terraform -chdir=stack force-unlock -force " + kStateLockId;
  SECTION("a rollout that failed by it") {
    auto status = with_failure("failed", "plan", said);
    status.ended.value->front().revision.clear();
    const auto explanation = must(explain(status, with));
    CHECK(lines_of(explanation) ==
          std::vector<std::string>{init, unlock, "comments deploy --env prod"});
    CHECK(explanation.next.at(1).why.find("only if the Terraform of root@vm") != std::string::npos);
    CHECK(explanation.said.starts_with("- Error acquiring the state lock"));
  }
  SECTION("an undo that failed by it") {
    auto status = healthy();
    auto progress = progress_at(Phase::undo);
    progress.held = true;
    progress.candidate.clear();
    progress.failed_step = "canary";
    progress.failure = "at 5 %: errors";
    progress.undo_failure = said;
    status.rollout.value.emplace(progress);
    const auto explanation = must(explain(status, with));
    CHECK(explanation.step == "undo");
    CHECK(explanation.what.ends_with("it failed at step canary, and its undo failed, too"));
    CHECK(lines_of(explanation) ==
          std::vector<std::string>{init, unlock, "comments deploy --env prod --resume"});
  }
}

TEST_CASE("a command is found in what describe says of it, and nowhere else", "[ops]") {
  const ops::Command command{.words = {"gcloud", "run", "a b"},
                             .deadline = std::chrono::seconds(9)};
  const auto said = ops::failed_command(
      "at 5 %: " +
      describe(command, {.exit_code = 2, .out = {}, .err = "ERROR: no\nsuch thing\n"}));
  CHECK(said.command == "gcloud run 'a b'");
  CHECK(said.said == "ERROR: no\nsuch thing");
  const auto late = ops::failed_command(
      describe(command, {.end = ops::Outcome::End::deadline, .out = {}, .err = {}}));
  CHECK(late.command == "gcloud run 'a b'");
  CHECK(late.said.empty());
  CHECK(ops::failed_command("run `git switch --detach 0123`").command.empty());
  CHECK(ops::failed_command("see `comments status`, it ended with 3").command.empty());
  CHECK(ops::failed_command("`gcloud").command.empty());
  CHECK(ops::failed_command("").command.empty());
}

}  // namespace comments::tests
