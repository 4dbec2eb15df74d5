// One rollout at a time. The lock is an object in the state bucket that must not be there yet; it
// also says how far the rollout is, so whoever takes it over knows what was before.
#include <fmt/format.h>

#include "core/ops/cloud/objects.h"
#include "core/ops/deploy/steps.h"

namespace comments::ops::steps {
namespace {

using Kind = DeployRequest::Kind;

struct Holder {
  std::string generation;
  Progress progress;
};

// Nothing: there is no lock.
std::optional<StepResult> read_lock(Release& release, std::optional<Holder>& holder) {
  const auto url = lock_object(release.settings);
  const auto question = gcloud::object(url);
  const auto object = release.ask(question);
  if (!object.ok()) {
    return says_not_found(object.err) ? std::nullopt
                                      : std::optional(release.failure(question, object));
  }
  const auto generation = parse_generation(object.out);
  if (!generation) {
    return failed(fmt::format("`{}` printed no generation", shell_quoted(question)));
  }
  const auto reading = gcloud::read(url, *generation);
  const auto content = release.ask(reading);
  if (!content.ok()) {
    return release.failure(reading, content);
  }
  const auto progress = parse_progress(content.out);
  if (!progress) {
    return failed(fmt::format("{} holds something else than our lock: look at it, and remove it if "
                              "nobody needs it",
                              url),
                  Ending::refused);
  }
  holder = {*generation, *progress};
  return std::nullopt;
}

// Of its own machine we know that it has died; of another one nobody does, and it may be at work.
bool has_died(const Release& release, const Progress& progress) {
  return progress.host == release.request.host &&
         (progress.process == release.request.process ||
          !release.world.runner.is_running(progress.process));
}

// "": it may be taken over; else why not.
std::string objection(const Release& release, const Progress& progress) {
  const auto& request = release.request;
  if (request.steal_lock) {
    return "";
  }
  const bool goes_on = request.kind == Kind::resume || request.kind == Kind::rollback;
  if (progress.held) {
    return goes_on ? ""
                   : fmt::format(
                         "the rollout of {} is held, a person decides: go on with --resume, "
                         "or back with --rollback",
                         progress.commit.substr(0, 12));
  }
  if (is_expired(progress, release.world.time.now())) {
    return "";
  }
  if (goes_on && progress.owner == release.account && has_died(release, progress)) {
    return "";
  }
  return fmt::format("{} is being deployed by {}{}", release.settings.environment,
                     holder_text(progress),
                     goes_on ? "; wait, or, if that one has died, add --steal-lock"
                             : "; wait, or go on with --resume if that one has died, or take it "
                               "away with --steal-lock");
}

void sign(Release& release) {
  auto& progress = release.progress;
  progress.owner = release.account;
  progress.host = release.request.host;
  progress.process = release.request.process;
  progress.taken = release.world.time.now();
  progress.expires = progress.taken + release.settings.lock_expiry;
  progress.held = false;
  progress.rollback =
      progress.rollback || (release.request.kind == Kind::rollback && !release.resumed);
  if (!release.request.freeze_override.empty()) {
    progress.reason = "freeze overridden: " + release.request.freeze_override;
  }
}

StepResult take(Release& release, const std::string& over, std::string text) {
  sign(release);
  std::string why;
  switch (release.write_lock(over, why)) {
    case Release::Taken::yes:
      return done(std::move(text));
    case Release::Taken::no:
      return failed(
          "somebody else was faster with the lock: see `comments status --env`, and try again",
          Ending::refused);
    case Release::Taken::interrupted:
      return failed(why, Ending::interrupted);
    case Release::Taken::unknown:
      break;
  }
  return failed(why);
}

// What a dead rollout had begun to change is undone to what was before that one, not to its ruins;
// but one that had passed left no ruins.
void inherit(Release& release, const Progress& dead) {
  if (dead.phase >= Phase::apply && dead.phase != Phase::record) {
    release.progress.before = dead.before;
    release.inherits_before = true;
  }
}

StepResult go_on(Release& release, const Holder& holder) {
  release.progress = holder.progress;
  release.resumed = true;
  // Who died before it changed anything may have died before it looked what was there.
  release.inherits_before = holder.progress.phase >= Phase::apply;
  release.digest = holder.progress.digest;  // whatever the tag names by now
  if (release.commit != holder.progress.commit && !holder.progress.rollback &&
      release.request.kind == Kind::resume) {
    return failed(fmt::format("the rollout to go on with is that of {}, and this is {}: run `git "
                              "switch --detach {}`, or go back with --rollback",
                              holder.progress.commit.substr(0, 12), release.commit.substr(0, 12),
                              holder.progress.commit),
                  Ending::refused);
  }
  return take(release, holder.generation,
              fmt::format("taken over from {}, to go on at step {}", holder.progress.owner,
                          word_of(holder.progress.phase)));
}

std::optional<StepResult> frozen(const Release& release) {
  const auto& settings = release.settings;
  const auto* freeze = freeze_at(settings.freezes, release.world.time.now());
  if (freeze == nullptr || !release.request.freeze_override.empty()) {
    return std::nullopt;
  }
  return failed(fmt::format("{} is frozen until the end of '{}': wait, or give the reason with "
                            "--freeze-override REASON",
                            settings.environment, freeze->reason),
                Ending::refused);
}

}  // namespace

StepResult lock(Release& release) {
  const auto kind = release.request.kind;
  if (kind == Kind::deploy) {
    if (auto refusal = frozen(release)) {
      return *refusal;
    }
  }
  if (kind == Kind::deploy) {
    release.progress.commit = release.commit;
    release.progress.digest = release.digest;
    if (auto taken = take(release, gcloud::kNoObject, "ours"); taken.ending != Ending::refused) {
      return taken;
    }
  }
  if (kind == Kind::rollback) {
    release.progress.commit = release.request.to_release;  // for who goes on, until one is chosen
  }
  std::optional<Holder> holder;
  if (auto fault = read_lock(release, holder)) {
    return *fault;
  }
  if (!holder) {
    if (kind == Kind::resume) {
      return failed("there is nothing to go on with: no rollout holds the lock", Ending::refused);
    }
    return take(release, gcloud::kNoObject, "ours");
  }
  if (auto text = objection(release, holder->progress); !text.empty()) {
    return failed(std::move(text), Ending::refused);
  }
  // Back, or to the end once all readers have it, is always free; on is not.
  const bool moves_readers_on =
      !holder->progress.rollback && holder->progress.phase < Phase::verify;
  if (kind == Kind::resume && moves_readers_on) {
    if (auto refusal = frozen(release)) {
      return *refusal;
    }
  }
  if (kind == Kind::resume || (kind == Kind::rollback && holder->progress.phase >= Phase::apply)) {
    return go_on(release, *holder);
  }
  inherit(release, holder->progress);
  return take(release, holder->generation,
              fmt::format("taken over from {}, who {}", holder->progress.owner,
                          release.request.steal_lock ? "was stolen it" : "let it expire"));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void lock(Script& script) {
  using Kind = DeployRequest::Kind;
  const bool looks_first = script.request.kind != Kind::deploy;
  if (looks_first) {
    script.command(gcloud::object(lock_object(script.settings)));
  }
  const bool takes_over = script.request.kind == Kind::resume || script.request.steal_lock;
  if (takes_over) {
    script.command(gcloud::read(lock_object(script.settings), kGeneration));
  }
  script.write_lock(takes_over ? kGeneration : gcloud::kNoObject);
}

}  // namespace comments::ops::scripts
