// The steps of a rollout, in their order: the table that is run, and that --dry-run prints.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/ops/deploy/release.h"

namespace comments::ops {

class Script;

struct Step {
  std::string_view name;
  std::string_view what;
  StepResult (&run)(Release& release);
  void (&script)(Script& script);  // what `run` would run; a reference: no step is without
  // Who goes on with a release that has come to a later phase passes it over; nullopt: never.
  std::optional<Phase> phase;
};

std::span<const Step> recipe(DeployRequest::Kind kind);

// Where in the recipe of a rollback its lock is taken.
inline constexpr std::size_t kLockOfRollback = 1;

}  // namespace comments::ops
