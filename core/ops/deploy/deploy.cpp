#include "core/ops/deploy/deploy.h"

#include <fmt/format.h>

#include "core/ops/cloud/redact.h"
#include "core/ops/deploy/ending.h"
#include "core/ops/deploy/recipe.h"

namespace comments::ops {
namespace {

// Nothing was changed but the schema, which what serves can live with.
Ending give_up(Release& release, const StepResult& result) {
  if (!release.lock_generation.empty()) {
    keep_record(release, std::string(word_of(result.ending)), result.text);
    release.free_lock();
  }
  return result.ending;
}

Ending hold(Release& release, const StepResult& result) {
  release.progress.held = true;
  release.progress.failure = result.text;
  if (auto fault = release.advance(release.progress.phase)) {
    release.tell(Event::Kind::note, fault->text);
    return release.lost_lock ? Ending::refused : Ending::held;
  }
  return Ending::held;
}

Ending end(Release& release, const StepResult& result) {
  if (result.kind == StepResult::Kind::held) {
    return hold(release, result);
  }
  const bool lost = release.lock_generation.empty();
  const bool changed = release.progress.phase >= Phase::apply || release.inherits_before;
  return lost || !changed ? give_up(release, result) : undo(release, result.text);
}

// A held or dead release that --rollback finds is undone; there is nothing to choose.
bool is_to_be_undone(const Release& release) {
  return release.resumed &&
         (release.progress.phase == Phase::undo ||
          (release.request.kind == DeployRequest::Kind::rollback && !release.progress.rollback));
}

// Nothing: go on with the next step.
std::optional<Ending> take(Release& release, const Step& step) {
  release.begin_step(step.name, step.what);
  auto result = step.run(release);
  result.text = redacted(result.text);  // lock and record keep it
  release.end_step(result);
  if (result.kind == StepResult::Kind::failed || result.kind == StepResult::Kind::held) {
    return end(release, result);
  }
  if (!is_to_be_undone(release)) {
    return std::nullopt;
  }
  const auto& failure = release.progress.failure;
  const auto ending = undo(release, failure.empty() ? "given up by a person" : failure);
  const bool as_wished =
      release.request.kind == DeployRequest::Kind::rollback && ending == Ending::rolled_back;
  return as_wished ? Ending::released : ending;
}

// Who goes on with a rollback that died takes its steps, whatever was typed.
DeployRequest::Kind kind_of(const Release& release) {
  return release.resumed && release.progress.rollback ? DeployRequest::Kind::rollback
                                                      : release.request.kind;
}

bool is_behind(const Step& step, std::optional<Phase> resumed_at) {
  return resumed_at && step.phase && *step.phase < *resumed_at;
}

Ending run(Release& release) {
  std::optional<Phase> resumed_at;
  auto steps = recipe(release.request.kind);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (is_behind(steps[i], resumed_at)) {
      continue;
    }
    if (const auto ending = take(release, steps[i])) {
      return *ending;
    }
    if (release.resumed && !resumed_at) {
      resumed_at = release.progress.phase;
      steps = recipe(kind_of(release));
      i = kind_of(release) == DeployRequest::Kind::rollback ? kLockOfRollback : i;
    }
  }
  return release.request.kind == DeployRequest::Kind::plan_only ? Ending::planned
                                                                : Ending::released;
}

std::string next_step(const Release& release, Ending ending) {
  const auto& url = release.settings.url;
  const auto again = "comments deploy --env " + release.settings.environment;
  switch (ending) {
    case Ending::released:
      if (release.progress.phase == Phase::undo) {
        return fmt::format("{} is given up, and readers have what they had before: {}",
                           release.progress.commit.substr(0, 12),
                           split_text(release.progress.before.split));
      }
      return fmt::format("{} serves {}; {}", url, release.progress.commit.substr(0, 12),
                         way_back(release));
    case Ending::planned:
      return "nothing was touched";
    case Ending::failed:
      return "nothing that readers use was changed";
    case Ending::refused:
      return release.lost_lock ? "nothing more was done: whoever has the lock now decides, see "
                                 "`comments status --env`"
                               : "nothing was done";
    case Ending::rolled_back:
      return "readers have what they had before: " + split_text(release.progress.before.split);
    case Ending::held:
      if (release.progress.rollback) {
        return fmt::format(
            "a person decides; traffic and lock stay as they are. Go on: `{} --resume`", again);
      }
      return fmt::format(
          "a person decides; traffic and lock stay as they are. Look again: `{} "
          "--resume`; back: `{} --rollback`",
          again, again);
    case Ending::interrupted:
      return "stopped before anything that readers use was changed";
  }
  return "";
}

}  // namespace

Ending deploy(const DeploySettings& settings, const DeployRequest& request, World world,
              Teller& teller) {
  Release release(settings, request, world, teller);
  const auto ending = run(release);
  release.finish(ending, next_step(release, ending));
  return ending;
}

}  // namespace comments::ops
