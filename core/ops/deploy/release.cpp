#include "core/ops/deploy/release.h"

#include <utility>

#include <fmt/format.h>

#include "core/ops/cloud/objects.h"
#include "core/ops/cloud/redact.h"
#include "core/ops/cloud/terraform_failure.h"

namespace comments::ops {
namespace {

constexpr int kAttempts = 3;
constexpr std::chrono::milliseconds kPause{1'000};

bool is_of_same_hand(const Progress& one, const Progress& other) {
  return one.owner == other.owner && one.host == other.host && one.process == other.process &&
         one.taken == other.taken;
}

bool is_a_no(const Outcome& outcome) {
  return outcome.end == Outcome::End::interrupted || outcome.end == Outcome::End::not_started ||
         says_not_found(outcome.err) || says_precondition_failed(outcome.err);
}

Ending ending_of(const Outcome& outcome) {
  return outcome.end == Outcome::End::interrupted ? Ending::interrupted : Ending::failed;
}

}  // namespace

StepResult done(std::string text) {
  return {StepResult::Kind::done, std::move(text)};
}
StepResult skipped(std::string text) {
  return {StepResult::Kind::skipped, std::move(text)};
}
StepResult failed(std::string text, Ending ending) {
  return {StepResult::Kind::failed, std::move(text), ending};
}
StepResult held(std::string text) {
  return {StepResult::Kind::held, std::move(text), Ending::held};
}

Release::Release(DeploySettings the_settings, DeployRequest the_request, World the_world,
                 Teller& teller)
    : settings(std::move(the_settings)),
      request(std::move(the_request)),
      world(the_world),
      commit(request.commit),
      teller_(teller),
      began_(world.time.now()) {}

std::string Release::image() const {
  return settings.image + "@" + digest;
}

double Release::seconds() const {
  return std::chrono::duration<double>(world.time.now() - began_).count();
}

void Release::tell(Event::Kind kind, const std::string& text) {
  teller_.tell({kind, step_, redacted(text), seconds()});
}

void Release::tell_tree() {
  tell(Event::Kind::note,
       fmt::format("Terraform follows, as the working tree has it at {}", tree.substr(0, 12)));
}

void Release::begin_step(std::string_view name, std::string_view what) {
  step_ = name;
  step_began_ = seconds();
  tell(Event::Kind::step_started, std::string(what));
}

void Release::end_step(const StepResult& result) {
  using Kind = StepResult::Kind;
  times.push_back({step_, seconds() - step_began_});
  const bool is_bad = result.kind == Kind::failed || result.kind == Kind::held;
  if (is_bad && step_ != word_of(Phase::undo)) {
    progress.failed_step = step_;
  }
  tell(result.kind == Kind::done      ? Event::Kind::step_done
       : result.kind == Kind::skipped ? Event::Kind::step_skipped
                                      : Event::Kind::step_failed,
       result.text);
}

Outcome Release::run(const Command& command, const LineSink& on_line) {
  tell(Event::Kind::command, shell_quoted(command));
  return world.runner.run(command, on_line);
}

Outcome Release::ask(const Command& command) {
  auto outcome = run(command);
  for (int attempt = 1; attempt < kAttempts && !outcome.ok() && !is_a_no(outcome); ++attempt) {
    tell(Event::Kind::note, "again, because " + describe(command, outcome));
    if (!world.time.sleep(kPause * attempt)) {
      outcome.end = Outcome::End::interrupted;
      return outcome;
    }
    outcome = run(command);
  }
  return outcome;
}

StepResult Release::failure(const Command& command, const Outcome& outcome) {
  return failed(describe(command, outcome), ending_of(outcome));
}

StepResult Release::terraform_failure(const Command& command, const Outcome& outcome) {
  return failed(describe(settings.root, command, outcome), ending_of(outcome));
}

std::optional<StepResult> Release::describe_service() {
  const auto command = gcloud::service(settings.place, settings.service);
  const auto outcome = ask(command);
  if (!outcome.ok()) {
    service.reset();
    return says_no_service(outcome.err) ? std::nullopt : std::optional(failure(command, outcome));
  }
  service = parse_service(outcome.out, settings.image);
  return service ? std::nullopt
                 : std::optional(failed(fmt::format("`{}` printed something else than a service",
                                                    shell_quoted(command))));
}

Release::Taken Release::write_lock(const std::string& over, std::string& why) {
  const auto url = lock_object(settings);
  const auto content = progress_json(progress);
  const auto command = gcloud::write(url, over, content);
  const auto outcome = ask(command);
  if (outcome.ok()) {
    if (const auto generation = created_generation(outcome.err)) {
      lock_generation = *generation;
      return Taken::yes;
    }
  }
  // It may have been written all the same: an answer can get lost. What is there now decides.
  const auto object = ask(gcloud::object(url));
  const auto generation = parse_generation(object.out);
  if (object.ok() && generation) {
    const auto there = ask(gcloud::read(url, *generation));
    const auto found = there.ok() ? parse_progress(there.out) : std::nullopt;
    if (found && found == parse_progress(content)) {
      lock_generation = *generation;
      return Taken::yes;
    }
    // An earlier write of ours, of which nobody could tell whether it had come through.
    if (found && over == lock_generation && *generation != over &&
        is_of_same_hand(*found, progress)) {
      lock_generation = *generation;
      return write_lock(*generation, why);
    }
  }
  why = describe(command, outcome);
  return outcome.end == Outcome::End::interrupted ? Taken::interrupted
         : says_precondition_failed(outcome.err)  ? Taken::no
                                                  : Taken::unknown;
}

std::optional<StepResult> Release::advance(Phase phase) {
  const auto phase_before = std::exchange(progress.phase, phase);
  progress.expires = world.time.now() + settings.lock_expiry;
  std::string why;
  switch (write_lock(lock_generation, why)) {
    case Taken::yes:
      return std::nullopt;
    case Taken::no:
      lock_generation.clear();
      lost_lock = true;
      return failed(
          "the lock is not ours any more: somebody took it over and goes on from here; "
          "nothing more is done",
          Ending::refused);
    case Taken::interrupted:
      progress.phase = phase_before;
      return failed(why, Ending::interrupted);
    case Taken::unknown:
      break;
  }
  progress.phase = phase_before;
  return failed("the lock cannot be renewed, so this step is not taken: " + why);
}

void Release::free_lock() {
  if (lock_generation.empty()) {
    return;
  }
  const auto command = gcloud::remove(lock_object(settings), lock_generation);
  const auto outcome = ask(command);
  if (!outcome.ok() && !says_not_found(outcome.err)) {
    tell(Event::Kind::note, fmt::format("the lock could not be freed, it expires by itself: {}",
                                        describe(command, outcome)));
  }
  lock_generation.clear();
}

void Release::finish(Ending ending, std::string text) {
  step_ = word_of(ending);
  tell(Event::Kind::ended, std::move(text));
}

}  // namespace comments::ops
