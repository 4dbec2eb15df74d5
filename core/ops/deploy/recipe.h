// The steps of a rollout, in their order: the table that is run, and that --dry-run prints.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ops/deploy/release.h"

namespace comments::ops {

struct Step {
  std::string_view name;
  std::string_view what;
  StepResult (*run)(Release& release);
  // Who goes on with a release that has come to a later phase passes it over; nullopt: never.
  std::optional<Phase> phase;
};

std::span<const Step> recipe(DeployRequest::Kind kind);

// Where in the recipe of a rollback its lock is taken.
inline constexpr std::size_t kLockOfRollback = 1;

// Every command that a rollout runs when all goes well, one a line, as one would type it, between
// lines that begin with #. What is found out on the way is written COMMIT, DIGEST, GENERATION,
// SERVING, REVISION, RELEASE, TIME.
std::string dry_run(const DeploySettings& settings, const DeployRequest& request);

}  // namespace comments::ops
