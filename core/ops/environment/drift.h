// Whether the cloud still is what terraform's files describe.
#pragma once

#include "core/ops/deploy/settings.h"
#include "core/ops/environment/status.h"
#include "core/ops/world.h"

namespace comments::ops {

// What terraform would change, with the image of the newest release. settings.root.data should be a
// folder of our own: a rollout that is under way in the same checkout must keep its backend.
Finding<Drift> look_at_drift(const DeploySettings& settings, World world,
                             const EnvironmentStatus& status);

}  // namespace comments::ops
