#include "core/ops/environment/status.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/wire/timestamp_text.h"

namespace comments::ops {
namespace {

std::string short_commit(const std::string& commit) {
  return commit.empty() ? "an unknown commit" : commit.substr(0, 12);
}

std::string deploy_line(const EnvironmentStatus& status, std::string_view more = {}) {
  return fmt::format("`comments deploy --env {}{}`", status.environment, more);
}

void judge_answer(const EnvironmentStatus& status, Assessment& result) {
  if (status.answer.is_unknown()) {
    result.reasons.push_back(
        fmt::format("{} does not answer: {}", status.url, status.answer.unknown));
    return;
  }
  if (!status.answer.value) {
    return;
  }
  const auto& answer = *status.answer.value;
  if (!is_ready(answer)) {
    result.reasons.push_back(fmt::format("{} is not ready: it says {}, HTTP {}", status.url,
                                         answer.health.status, answer.http_status));
  } else if (!answer.health.writes) {
    result.reasons.push_back(
        fmt::format("{} keeps no new comments: its store takes no writes", status.url));
  }
  // While readers are moved, either commit is right.
  const auto& rollout = status.rollout.value;
  const bool moves = rollout && *rollout && (*rollout)->phase >= Phase::canary;
  const auto* release = released(status);
  if (release != nullptr && !moves && answer.health.commit != release->commit) {
    result.reasons.push_back(fmt::format(
        "{} answers with commit {}, but {} was released: is traffic moved by hand? Deploy what "
        "should serve: {}",
        status.url, short_commit(answer.health.commit), short_commit(release->commit),
        deploy_line(status)));
  }
}

bool serves(const Service& service, const std::string& revision) {
  return std::any_of(service.split.begin(), service.split.end(),
                     [&](const Share& share) { return share.revision == revision; });
}

void judge_service(const EnvironmentStatus& status, Assessment& result) {
  if (!status.service.value) {
    return;
  }
  if (!*status.service.value) {
    result.reasons.push_back(fmt::format("there is no service {} yet: {} makes it",
                                         status.service_name, deploy_line(status)));
    return;
  }
  const auto& service = **status.service.value;
  if (service.split.empty()) {
    result.reasons.push_back("no revision gets requests");
  }
  if (service.follows_latest) {
    result.notes.emplace_back(
        "traffic follows the newest revision: whatever is made next has all readers at once");
  }
  if (service.latest_created.empty() || serves(service, service.latest_created) ||
      is_going_on(status)) {
    return;
  }
  const auto* release = released(status);
  // An undo lets Terraform describe the image before again, which makes a revision of its own.
  if (release != nullptr && service.image == release->image && service.not_ready.empty()) {
    result.notes.push_back(
        fmt::format("{} is newer and serves nobody: an undo made it, of the released image",
                    service.latest_created));
    return;
  }
  result.reasons.push_back(fmt::format("{} is newer but does not serve{}", service.latest_created,
                                       service.not_ready.empty() ? "" : ": " + service.not_ready));
}

void judge_rollout(const EnvironmentStatus& status, Assessment& result) {
  if (!status.rollout.value || !*status.rollout.value) {
    return;
  }
  const auto& rollout = **status.rollout.value;
  const bool is_on_its_way_back = rollout.rollback || rollout.phase == Phase::undo;
  const auto ways = deploy_line(status, " --resume") +
                    (is_on_its_way_back ? "" : " or " + deploy_line(status, " --rollback"));
  if (rollout.held) {
    result.reasons.push_back(
        fmt::format("the rollout of {} by {} is held at step {}, a person decides: {}",
                    short_commit(rollout.commit), rollout.owner, word_of(rollout.phase), ways));
  } else if (is_expired(rollout, status.time)) {
    result.reasons.push_back(
        fmt::format("the rollout of {} by {} has died at step {}, its lock expired {}: {}",
                    short_commit(rollout.commit), rollout.owner, word_of(rollout.phase),
                    timestamp_text(rollout.expires),
                    rollout.phase < Phase::apply ? deploy_line(status) : ways));
  } else {
    result.notes.push_back("a rollout goes on: " + holder_text(rollout));
  }
}

void judge_budgets(const EnvironmentStatus& status, Assessment& result) {
  for (const auto& budget : status.budgets.value.value_or(std::vector<Budget>())) {
    if (budget.left && *budget.left <= 0) {
      result.reasons.push_back(fmt::format(
          "the error budget of {} is used up, {:.0f} % of what {} may bear: mend before you "
          "release anything else",
          budget.objective, (1 - *budget.left) * 100, budget.period));
    }
  }
}

void judge_alerts(const EnvironmentStatus& status, Assessment& result) {
  if (!status.alerts.value) {
    return;
  }
  const auto& alerts = *status.alerts.value;
  for (const auto& alert : alerts.firing) {
    result.reasons.push_back(
        fmt::format("the alert {} fires ({})", alert.name,
                    alert.severity.empty() ? "of unknown severity" : alert.severity));
  }
  if (!alerts.disabled.empty()) {
    result.notes.push_back(
        fmt::format("alerts that are switched off: {}", fmt::join(alerts.disabled, ", ")));
  }
}

void judge_drift(const EnvironmentStatus& status, Assessment& result) {
  if (!status.drift.value || !status.drift.value->any) {
    return;
  }
  const auto& drift = *status.drift.value;
  if (is_going_on(status)) {
    result.notes.emplace_back("what terraform would change is not judged while a rollout goes on");
    return;
  }
  const auto* release = released(status);
  const bool other_files =
      release != nullptr && !drift.commit.empty() && drift.commit != release->commit;
  const auto changes = drift.plan.is_empty()
                           ? std::string("outputs only")
                           : fmt::format("{} to add, {} to change, {} to destroy", drift.plan.add,
                                         drift.plan.change, drift.plan.remove);
  result.reasons.push_back(fmt::format(
      "drift: {}{}", changes,
      other_files ? fmt::format("; but the files here are of {}, not of the released {}",
                                short_commit(drift.commit), short_commit(release->commit))
                  : std::string()));
}

template <class T>
void note_unknown(const char* name, const Finding<T>& finding, Assessment& result) {
  if (finding.is_unknown()) {
    result.unknown.push_back(fmt::format("{}: {}", name, finding.unknown));
  }
}

}  // namespace

bool is_ready(const PublicAnswer& answer) {
  constexpr int kOk = 200;
  return answer.http_status == kOk && answer.health.status == "READY";
}

const ReleaseRecord* released(const EnvironmentStatus& status) {
  if (!status.ended.value) {
    return nullptr;
  }
  const auto& records = *status.ended.value;
  const auto found = std::find_if(records.begin(), records.end(), [](const ReleaseRecord& record) {
    return record.result == "released";
  });
  return found == records.end() ? nullptr : &*found;
}

bool is_going_on(const EnvironmentStatus& status) {
  const auto& rollout = status.rollout.value;
  return rollout && *rollout && !(*rollout)->held && !is_expired(**rollout, status.time);
}

Assessment assess(const EnvironmentStatus& status) {
  Assessment result;
  if (!status.no_access.empty()) {
    result.verdict = EnvironmentVerdict::unreachable;
    result.reasons.push_back(status.no_access);
    return result;
  }
  judge_answer(status, result);
  judge_service(status, result);
  judge_rollout(status, result);
  judge_budgets(status, result);
  judge_alerts(status, result);
  judge_drift(status, result);
  if (status.migrate_job.empty()) {
    result.notes.emplace_back(
        "ephemeral: without a database, comments live in one instance's memory, until it ends");
  }
  note_unknown("service", status.service, result);
  note_unknown("rollout", status.rollout, result);
  note_unknown("releases", status.ended, result);
  note_unknown("instances", status.instances, result);
  note_unknown("figures", status.traffic, result);
  note_unknown("budget", status.budgets, result);
  note_unknown("alerts", status.alerts, result);
  if (status.alerts.value && !status.alerts.value->unjudged.empty()) {
    const auto& unjudged = status.alerts.value->unjudged;
    result.unknown.push_back(
        fmt::format("alerts: {} of them, such as {}", unjudged.size(), unjudged.front()));
  }
  note_unknown("drift", status.drift, result);
  if (status.service.is_unknown() || status.rollout.is_unknown()) {
    result.verdict = EnvironmentVerdict::unreachable;
  } else if (!result.reasons.empty()) {
    result.verdict = EnvironmentVerdict::degraded;
  }
  return result;
}

}  // namespace comments::ops
