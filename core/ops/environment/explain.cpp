#include "core/ops/environment/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/ops/cloud/state_lock.h"
#include "core/wire/timestamp_text.h"

namespace comments::ops {
namespace {

std::string deploy_line(const DeploySettings& settings, std::string_view more = {}) {
  return fmt::format("comments deploy --env {}{}", settings.environment, more);
}

NextCommand look_at_revision(const DeploySettings& settings, const std::string& revision) {
  return {shell_quoted(gcloud::revision_log(settings.place, revision)),
          "what the new revision logged in the last hour"};
}

NextCommand look_at_job(const DeploySettings& settings) {
  return {shell_quoted(gcloud::job_log(settings.place, settings.migrate_job)),
          "what the migration logged in the last hour"};
}

// What to look at first, by the step that failed.
void add_looks(const DeploySettings& settings, const std::string& step, const std::string& revision,
               std::vector<NextCommand>& next) {
  if (step == word_of(Phase::migrate) && !settings.migrate_job.empty()) {
    next.push_back(look_at_job(settings));
  } else if (!revision.empty()) {
    next.push_back(look_at_revision(settings, revision));
  } else if (step == word_of(Phase::apply)) {
    next.push_back({shell_quoted(gcloud::revisions(settings.place, settings.service)),
                    "which revision did not get ready, and why"});
  }
}

// Terraform says everything twice, in events and in words: the words.
std::string without_events(const std::string& said) {
  std::string words;
  for (std::size_t begin = 0; begin < said.size();) {
    const auto end = std::min(said.find('\n', begin), said.size());
    const auto line = said.substr(begin, end - begin);
    if (!line.starts_with("{\"") && !line.starts_with("…")) {
      words += (words.empty() ? "" : "\n") + line;
    }
    begin = end + 1;
  }
  return words.find_first_not_of('\n') == std::string::npos ? said : words;
}

// Terraform's own lock stands in the way of whatever is typed else: it comes first.
void add_unlock(const DeploySettings& settings, const std::string& reason,
                std::vector<NextCommand>& next) {
  if (const auto lock = parse_state_lock(reason)) {
    next.push_back({shell_quoted(terraform::init(settings.root)),
                    "so that Terraform knows which state, where it has not been used yet"});
    next.push_back({shell_quoted(terraform::force_unlock(settings.root, lock->id)),
                    "frees Terraform's state; " + safe_to_unlock(*lock)});
  }
}

void take_apart(std::string reason, Explanation& explanation) {
  auto [command, said] = failed_command(reason);
  explanation.reason = std::move(reason);
  explanation.command = std::move(command);
  explanation.said = explanation.command.starts_with("terraform ") ? without_events(said) : said;
}

Explanation of_lock(const Progress& progress, const DeploySettings& settings) {
  Explanation result{
      .what = fmt::format(
          "the rollout of {} by {} {}", progress.commit.substr(0, 12), progress.owner,
          progress.held ? "is held: a person decides"
                        : "has died: its lock expired " + timestamp_text(progress.expires)),
      .step = progress.failed_step.empty() ? std::string(word_of(progress.phase))
                                           : progress.failed_step,
      .time = progress.taken};
  if (progress.undo_failure.empty()) {
    take_apart(progress.failure, result);
  } else {
    result.what += fmt::format("; it failed at step {}, and its undo failed, too", result.step);
    result.step = word_of(Phase::undo);
    take_apart(progress.undo_failure, result);
  }
  add_unlock(settings, result.reason, result.next);
  add_looks(settings, result.step, progress.candidate, result.next);
  if (progress.phase < Phase::apply) {
    result.next.push_back(
        {deploy_line(settings), "nothing that readers use was changed: begin anew"});
  } else {
    const bool is_undo = progress.phase == Phase::undo;
    result.next.push_back({deploy_line(settings, " --resume"),
                           is_undo ? "try the undo again" : "go on where it stands"});
    if (!is_undo && !progress.rollback) {
      result.next.push_back({deploy_line(settings, " --rollback"), "back to what served before"});
    }
  }
  return result;
}

Explanation of_record(const ReleaseRecord& record, const ReleaseRecord* newer,
                      const DeploySettings& settings) {
  Explanation result{
      .what = fmt::format(
          "the {} of {} by {} {}", record.kind == "rollback" ? "rollback to" : "rollout",
          record.commit.substr(0, 12), record.owner,
          record.result == "rolled_back" ? "was rolled back: readers have what they had before"
          : record.result == "interrupted"
              ? "was interrupted before anything that readers use was changed"
              : "failed before anything that readers use was changed"),
      .step = record.failed_step,
      .last_words = record.last_words,
      .time = record.ended};
  take_apart(record.reason, result);
  if (newer != nullptr) {
    result.what += fmt::format("; since then {} was released, {}", newer->commit.substr(0, 12),
                               timestamp_text(newer->ended));
    return result;
  }
  add_unlock(settings, result.reason, result.next);
  add_looks(settings, record.failed_step, record.revision, result.next);
  result.next.push_back({deploy_line(settings), record.result == "rolled_back"
                                                    ? "once it is mended and committed"
                                                    : "once the reason is gone"});
  return result;
}

}  // namespace

FailedCommand failed_command(const std::string& reason) {
  const auto begin = reason.find('`');
  const auto end = begin == std::string::npos ? begin : reason.find('`', begin + 1);
  if (end == std::string::npos) {
    return {};
  }
  auto command = reason.substr(begin + 1, end - begin - 1);
  const bool is_ours = command.starts_with("gcloud ") || command.starts_with("terraform ") ||
                       command.starts_with("git ");
  const auto rest = reason.substr(end + 1);
  const bool ended = rest.starts_with(" ended with") || rest.starts_with(" was ended");
  if (!is_ours || !ended) {
    return {};
  }
  const auto colon = rest.find(":\n");
  return {std::move(command), colon == std::string::npos ? "" : rest.substr(colon + 2)};
}

std::optional<Explanation> explain(const EnvironmentStatus& status,
                                   const DeploySettings& settings) {
  const auto& rollout = status.rollout.value;
  if (rollout && *rollout && !is_going_on(status)) {
    return of_lock(**rollout, settings);
  }
  if (!status.ended.value) {
    return std::nullopt;
  }
  const auto& records = *status.ended.value;
  const auto failed = std::find_if(records.begin(), records.end(), [](const ReleaseRecord& record) {
    return record.result != "released";
  });
  if (failed == records.end()) {
    return std::nullopt;
  }
  const auto newer = std::find_if(records.begin(), failed, [](const ReleaseRecord& record) {
    return record.result == "released";
  });
  return of_record(*failed, newer == failed ? nullptr : &*newer, settings);
}

}  // namespace comments::ops
