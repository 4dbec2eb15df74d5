// One rollout while it goes on: what was asked for, what is known by now, and the ways to the world
// that every step uses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ops/cloud/service.h"
#include "core/ops/cloud/terraform_events.h"
#include "core/ops/deploy/event.h"
#include "core/ops/deploy/progress.h"
#include "core/ops/deploy/settings.h"
#include "core/ops/world.h"

namespace comments::ops {

struct DeployRequest {
  enum class Kind { deploy, plan_only, resume, rollback };
  Kind kind = Kind::deploy;
  std::string commit = {};  // 40 hexadecimal digits; "": the working tree's
  bool build = false;       // make the image if it is not there
  bool steal_lock = false;
  std::string freeze_override = {};  // the reason; "": none
  std::string plan_in = {};          // the file of a plan to apply; "": a new one
  std::string plan_out = {};         // where plan_only leaves it
  std::string to_release = {};       // of rollback: a commit's beginning; "": the release before
  std::string host = {};
  int process = 0;
  std::string plan_file = {};  // where Terraform's plan may lie meanwhile
  // By variables of its own, of which gcloud knows nothing.
  bool terraform_logs_in = false;
};

struct StepTime {
  std::string name;
  double seconds = 0;
};

// How a step ended.
struct StepResult {
  enum class Kind { done, skipped, failed, held };
  Kind kind = Kind::done;
  std::string text = {};
  Ending ending = Ending::failed;  // of what failed before anything was changed
};
StepResult done(std::string text);
StepResult skipped(std::string text);
StepResult failed(std::string text, Ending ending = Ending::failed);
StepResult held(std::string text);

// One thread at a time.
class Release {
 public:
  Release(DeploySettings settings, DeployRequest request, World world, Teller& teller);

  const DeploySettings settings;
  const DeployRequest request;
  const World world;

  // Known by and by.
  std::string account;
  std::string tree;             // the working tree's commit, whose Terraform is applied
  std::string terraform_fault;  // why Terraform must not go back; "": it may
  std::string commit;
  std::string digest;
  std::string lock_generation;  // "": it is not ours
  bool lost_lock = false;       // it was, and somebody has taken it over
  Progress progress;
  std::optional<Service> service;  // as last described; nullopt: there is none
  PlanSummary plan;
  std::string candidate_url;
  std::string last_words;  // of the revision that is undone
  std::vector<StepTime> times;
  bool resumed = false;          // goes on with another one's progress
  bool inherits_before = false;  // progress.before is what another one found

  std::string image() const;  // REPOSITORY@DIGEST

  void tell(Event::Kind kind, const std::string& text);
  void tell_tree();  // before Terraform goes back: whose it is
  void begin_step(std::string_view name, std::string_view what);
  void end_step(const StepResult& result);

  Outcome run(const Command& command, const LineSink& on_line = {});
  // For what changes nothing, or may be done twice: tries three times, unless the answer is a no.
  Outcome ask(const Command& command);
  // What the step makes of an outcome that is not ok.
  StepResult failure(const Command& command, const Outcome& outcome);
  StepResult terraform_failure(const Command& command, const Outcome& outcome);

  // Reads the service into `service`; an error unless it is there or surely is not.
  std::optional<StepResult> describe_service();

  // Writes `progress` with this phase into the lock. From the first on, every change of the world
  // has one before it: who has lost the lock stops here.
  std::optional<StepResult> advance(Phase phase);
  // Takes the lock: there must be none, or the one of that generation.
  enum class Taken { yes, no, unknown, interrupted };
  Taken write_lock(const std::string& over, std::string& why);
  void free_lock();

  double seconds() const;
  void finish(Ending ending, std::string text);

 private:
  Teller& teller_;
  const Timestamp began_;
  std::string step_;
  double step_began_ = 0;
};

}  // namespace comments::ops
