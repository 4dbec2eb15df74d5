// What the state of an environment means.
#include "core/ops/environment/status.h"

#include "tests/support/catch.h"
#include "tests/support/environments.h"

namespace comments::tests {
namespace {

using ops::EnvironmentVerdict;
using ops::Phase;
using std::chrono::minutes;

std::string reasons_of(const ops::EnvironmentStatus& status) {
  std::string text;
  for (const auto& reason : assess(status).reasons) {
    text += reason + '\n';
  }
  return text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Degraded, for this one reason.
void check_degraded(const ops::EnvironmentStatus& status, std::string_view reason) {
  const auto assessment = assess(status);
  CAPTURE(reasons_of(status), reason);
  CHECK(assessment.verdict == EnvironmentVerdict::degraded);
  REQUIRE(assessment.reasons.size() == 1);
  CHECK(has(assessment.reasons.front(), reason));
}

}  // namespace

TEST_CASE("an environment in which all is well is ok, with nothing to say", "[ops]") {
  const auto assessment = assess(healthy());
  CHECK(assessment.verdict == EnvironmentVerdict::ok);
  CHECK(assessment.reasons.empty());
  CHECK(assessment.notes.empty());
  CHECK(assessment.unknown.empty());
}

TEST_CASE("a public address that is silent, not ready or keeps nothing is degraded", "[ops]") {
  auto status = healthy();
  status.answer = {.unknown = "connection refused"};
  check_degraded(status, "https://comments.example.com does not answer: connection refused");
  status = healthy();
  status.answer.value->http_status = 503;
  check_degraded(status, "is not ready: it says READY, HTTP 503");
  status = healthy();
  status.answer.value->health.writes = false;
  check_degraded(status, "takes no writes");
}

TEST_CASE("another commit than the released one is degraded, but not while readers move", "[ops]") {
  auto status = healthy();
  status.answer.value->health.commit = kOlder;
  check_degraded(status, "answers with commit 89abcdef0123, but 0123456789ab was released");
  status.rollout.value.emplace(progress_at(Phase::canary));
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  status.rollout.value.emplace(progress_at(Phase::gate));
  CHECK(assess(status).verdict == EnvironmentVerdict::degraded);
}

TEST_CASE("the release is the newest rollout that readers kept", "[ops]") {
  auto status = healthy();
  status.ended.value->insert(status.ended.value->begin(),
                             record_of(kOlder, "rolled_back", minutes(1)));
  REQUIRE(released(status) != nullptr);
  CHECK(released(status)->commit == kCommit);
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  status.ended.value->clear();
  CHECK(released(status) == nullptr);
}

TEST_CASE("a newer revision without readers is degraded, with why it is not ready", "[ops]") {
  auto status = healthy();
  auto& service = **status.service.value;
  service.latest_created = "comments-00008-def";
  service.image = "registry.example/comments@sha256:2222";
  check_degraded(status, "comments-00008-def is newer but does not serve");
  service.not_ready = "the container failed to start";
  check_degraded(status, "does not serve: the container failed to start");
  service.image = kImage;
  check_degraded(status, "does not serve: the container failed to start");
}

TEST_CASE("a newer revision is no fault while a rollout goes on, nor of the released image",
          "[ops]") {
  auto status = healthy();
  auto& service = **status.service.value;
  service.latest_created = "comments-00008-def";
  const auto assessment = assess(status);  // an undo has made it
  CHECK(assessment.verdict == EnvironmentVerdict::ok);
  REQUIRE(assessment.notes.size() == 1);
  CHECK(has(assessment.notes.front(), "an undo made it"));
  service.image = "registry.example/comments@sha256:2222";
  status.rollout.value.emplace(progress_at(Phase::canary));
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  CHECK(has(assess(status).notes.front(), "a rollout goes on: bob@example.com on laptop"));
}

TEST_CASE("a service that is not there, or that nobody is served by, is degraded", "[ops]") {
  auto status = healthy();
  status.service.value.emplace(std::nullopt);
  check_degraded(status, "there is no service comments yet: `comments deploy --env prod`");
  status = healthy();
  (*status.service.value)->split.clear();
  (*status.service.value)->latest_created.clear();
  check_degraded(status, "no revision gets requests");
}

TEST_CASE("a rollout that is held or has died is degraded, with the ways on and back", "[ops]") {
  auto progress = progress_at(Phase::canary);
  progress.held = true;
  auto status = healthy();
  status.rollout.value.emplace(progress);
  check_degraded(status,
                 "is held at step canary, a person decides: `comments deploy --env prod "
                 "--resume` or `comments deploy --env prod --rollback`");
  progress.rollback = true;  // on its way back already
  status.rollout.value.emplace(progress);
  check_degraded(status, "a person decides: `comments deploy --env prod --resume`");
  CHECK_FALSE(has(reasons_of(status), "--rollback"));
  progress.rollback = false;
  progress.held = false;
  progress.expires = kNoon;
  status.rollout.value.emplace(progress);
  check_degraded(status, "has died at step canary");
  progress.phase = Phase::plan;
  status.rollout.value.emplace(progress);
  check_degraded(status, "2026-11-28T12:00:00.000Z: `comments deploy --env prod`");
}

TEST_CASE("an error budget is degraded from the moment it is used up", "[ops]") {
  auto status = healthy();
  status.budgets.value->front().left = 0.001;
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  status.budgets.value->front().left = 0;
  check_degraded(status, "the error budget of availability is used up, 100 % of what 30d may bear");
  status.budgets.value->front().left.reset();
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
}

TEST_CASE("each alert that fires is a reason, one that is switched off a note", "[ops]") {
  auto status = healthy();
  status.alerts.value->disabled = {"CommitSlow"};
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  CHECK(assess(status).notes.front() == "alerts that are switched off: CommitSlow");
  status.alerts.value->firing = {{"CommentsDown", "page"}, {"ErrorLogs", "ticket"}};
  CHECK(assess(status).verdict == EnvironmentVerdict::degraded);
  CHECK(reasons_of(status) ==
        "the alert CommentsDown fires (page)\nthe alert ErrorLogs fires (ticket)\n");
}

TEST_CASE("drift is degraded, says when the files are another commit's, and waits for a rollout",
          "[ops]") {
  auto status = healthy();
  status.drift.value->any = true;
  check_degraded(status, "drift: outputs only");
  status.drift.value->plan = {.changes = {{"a.b", "update"}}, .change = 1};
  check_degraded(status, "drift: 0 to add, 1 to change, 0 to destroy");
  CHECK_FALSE(has(reasons_of(status), "the files here"));
  status.drift.value->commit = kOlder;
  check_degraded(status, "the files here are of 89abcdef0123, not of the released 0123456789ab");
  status.rollout.value.emplace(progress_at(Phase::apply));
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
}

TEST_CASE("what is unknown is listed; only without service or lock there is no verdict", "[ops]") {
  auto status = healthy();
  status.ended = {.unknown = "a"};
  status.traffic = {.unknown = "b"};
  status.budgets = {.unknown = "c"};
  status.alerts = {.unknown = "d"};
  status.drift = {.unknown = "e"};
  status.instances = {.unknown = "f"};
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  CHECK(assess(status).unknown == std::vector<std::string>{"releases: a", "instances: f",
                                                           "figures: b", "budget: c", "alerts: d",
                                                           "drift: e"});
  status.rollout = {.unknown = "g"};
  CHECK(assess(status).verdict == EnvironmentVerdict::unreachable);
  status = healthy();
  status.service = {.unknown = "h"};
  status.alerts.value->firing = {{"CommentsDown", "page"}};
  CHECK(assess(status).verdict == EnvironmentVerdict::unreachable);
  CHECK(has(reasons_of(status), "CommentsDown"));
}

TEST_CASE("what nobody asked is not unknown", "[ops]") {
  auto status = healthy();
  status.drift = {};
  status.alerts = {};
  CHECK(assess(status).unknown.empty());
}

TEST_CASE("without an account there is one reason, and no other", "[ops]") {
  auto status = ops::EnvironmentStatus{.environment = "prod", .no_access = "gcloud has no account"};
  status.answer.unknown = "nobody there";
  CHECK(assess(status).verdict == EnvironmentVerdict::unreachable);
  CHECK(reasons_of(status) == "gcloud has no account\n");
}

TEST_CASE("an environment without a database is called ephemeral", "[ops]") {
  auto status = healthy();
  status.migrate_job.clear();
  CHECK(assess(status).verdict == EnvironmentVerdict::ok);
  CHECK(assess(status).notes.front().starts_with("ephemeral: "));
}

}  // namespace comments::tests
