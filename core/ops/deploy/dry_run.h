// A rollout written down instead of run.
#pragma once

#include <string>

#include "core/ops/deploy/release.h"

namespace comments::ops {

// Every command that a rollout runs when all goes well, one a line, as one would type it, between
// lines that begin with #. What is found out on the way is written COMMIT, DIGEST, GENERATION,
// SERVING, REVISION, RELEASE, TIME.
std::string dry_run(const DeploySettings& settings, const DeployRequest& request);

}  // namespace comments::ops
