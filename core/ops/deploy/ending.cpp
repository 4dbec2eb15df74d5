#include "core/ops/deploy/ending.h"

#include <utility>

#include <fmt/format.h>

#include "core/ops/cloud/json.h"
#include "core/ops/cloud/objects.h"
#include "core/ops/cloud/redact.h"
#include "core/ops/cloud/terraform_failure.h"
#include "core/ops/deploy/record.h"
#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/watch_terraform.h"

namespace comments::ops {
namespace {

// The last words of a revision are why it was undone; not to get them is no fault.
void tell_last_words(Release& release) {
  const auto& candidate = release.progress.candidate;
  if (candidate.empty()) {
    return;
  }
  const auto outcome = release.run(gcloud::revision_log(release.settings.place, candidate));
  if (!outcome.ok()) {
    return;
  }
  std::string text;
  for (const auto& entry : parse_json(outcome.out)) {
    auto line = text_at(entry, "/textPayload");
    if (line.empty() && !at(entry, "/jsonPayload").is_null()) {
      line = at(entry, "/jsonPayload").dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    text = fmt::format("\n  {} {}{}", text_at(entry, "/timestamp"), line, text);
  }
  if (!text.empty()) {
    release.tell(Event::Kind::note, fmt::format("the last words of {}:{}", candidate, text));
    release.last_words = redacted(text.substr(1));
  }
}

// "": readers have again what they had.
std::string differs_from_before(Release& release) {
  if (const auto fault = release.describe_service()) {
    return fault->text;
  }
  const auto& before = release.progress.before;
  const bool is_same = before.exists
                           ? release.service && is_same_split(release.service->split, before.split)
                           : !release.service.has_value();
  return is_same ? "" : "the commands did well, but readers do not have what they had before";
}

// "": all is as it was; else what stands in the way.
std::string not_undone(Release& release) {
  bool is_told = false;
  for (const auto& command : undo_commands(release.settings, release.progress)) {
    if (command.words.front() == "terraform") {
      if (!release.terraform_fault.empty()) {
        return release.terraform_fault;
      }
      if (!std::exchange(is_told, true)) {
        release.tell_tree();
      }
    }
    const auto outcome = release.ask(command);
    if (!outcome.ok() && !says_not_found(outcome.err)) {
      return describe(release.settings.root, command, outcome);
    }
  }
  return differs_from_before(release);
}

}  // namespace

std::vector<Command> undo_commands(const DeploySettings& settings, const Progress& progress) {
  const auto& before = progress.before;
  if (progress.phase < Phase::apply) {
    return {};
  }
  if (!before.exists) {
    return {gcloud::remove_service(settings.place, settings.service)};
  }
  // Readers first: Terraform takes its time.
  return {gcloud::move_traffic(settings.place, settings.service, before.split,
                               {gcloud::TagChange::Kind::set, before.tags}),
          terraform::init(settings.root), terraform::apply_image(settings.root, before.image)};
}

Ending undo(Release& release, const std::string& why) {
  release.begin_step("undo", "what was before comes back");
  release.progress.failure = why;
  if (auto fault = release.advance(Phase::undo)) {
    if (fault->ending == Ending::refused) {
      release.end_step(*fault);
      return Ending::refused;
    }
    // Who cannot write cannot take over either: readers come first.
    release.tell(Event::Kind::note, fault->text);
    release.progress.phase = Phase::undo;
  }
  if (const auto obstacle = redacted(not_undone(release)); !obstacle.empty()) {
    const auto text = fmt::format(
        "it is not undone: the lock stays; try again with `comments deploy --env {} --resume`",
        release.settings.environment);
    release.tell(Event::Kind::note, "the undo failed: " + obstacle);
    release.progress.undo_failure = obstacle;
    release.progress.held = true;
    if (auto fault = release.advance(Phase::undo)) {
      release.tell(Event::Kind::note, fault->text);
    }
    release.end_step(failed(text));
    return release.lost_lock ? Ending::refused : Ending::held;
  }
  tell_last_words(release);
  release.end_step(done("serving: " + split_text(release.progress.before.split)));
  keep_record(release, "rolled_back", why);
  release.free_lock();
  return Ending::rolled_back;
}

bool keep_record(Release& release, const std::string& result, const std::string& reason) {
  ReleaseRecord record{.environment = release.settings.environment,
                       .result = result,
                       .kind = release.progress.rollback ? "rollback" : "deploy",
                       .owner = release.account,
                       .reason = redacted(reason.empty() ? release.progress.reason : reason),
                       .failed_step = result == "released" ? "" : release.progress.failed_step,
                       .last_words = result == "released" ? "" : release.last_words,
                       .commit = release.progress.commit,
                       .tree = release.tree,
                       .digest = release.progress.digest,
                       .image = release.settings.image + "@" + release.progress.digest,
                       .revision = release.progress.candidate,
                       .plan_hash = release.progress.plan_hash,
                       .verdict = release.progress.verdict,
                       .traffic_before = release.progress.before.split,
                       .ended = release.world.time.now()};
  for (const auto& time : release.times) {
    record.steps.emplace_back(time.name, time.seconds);
  }
  const auto command = gcloud::write(releases_folder(release.settings) + record_name(record),
                                     gcloud::kNoObject, record_json(record));
  const auto outcome = release.ask(command);
  // Its name has our time and commit: what is there already is ours, and only the answer got lost.
  const bool kept = outcome.ok() || says_precondition_failed(outcome.err);
  if (!kept) {
    release.tell(Event::Kind::note, "the record could not be kept: " + describe(command, outcome));
  }
  return kept;
}

std::string way_back(const Release& release) {
  return release.progress.before.exists
             ? fmt::format("the way back: `comments deploy --env {} --rollback`",
                           release.settings.environment)
             : "there is no way back: before this release there was no service";
}

namespace steps {

StepResult record(Release& release) {
  if (auto fault = release.advance(Phase::record)) {
    return *fault;
  }
  const auto& settings = release.settings;
  if (!release.progress.rollback) {
    const auto untag =
        gcloud::move_traffic(settings.place, settings.service, {},
                             {gcloud::TagChange::Kind::remove, {{std::string(kCandidateTag), ""}}});
    if (const auto outcome = release.ask(untag); !outcome.ok()) {
      release.tell(Event::Kind::note, "the tag stays: " + describe(untag, outcome));
    }
  }
  if (!keep_record(release, "released", "")) {
    return held("the release serves; only its record is missing");
  }
  release.free_lock();
  return done("kept in " + releases_folder(settings));
}

}  // namespace steps

namespace scripts {

void record(Script& script) {
  const auto& settings = script.settings;
  script.write_lock();
  if (script.request.kind != DeployRequest::Kind::rollback) {
    script.move_traffic({}, {gcloud::TagChange::Kind::remove, {{std::string(kCandidateTag), ""}}});
  }
  script.note("with the record on standard input:");
  script.command(
      gcloud::write(releases_folder(settings) + "TIME-" + script.commit.substr(0, 12) + ".json",
                    gcloud::kNoObject, ""));
  script.command(gcloud::remove(lock_object(settings), kGeneration));
}

}  // namespace scripts
}  // namespace comments::ops
