// An environment looked at: everything is asked at the same time, of the cloud, its metrics, its
// state bucket and its public address. Nothing is changed.
#pragma once

#include "core/ops/deploy/settings.h"
#include "core/ops/environment/status.h"
#include "core/ops/world.h"

namespace comments::ops {

// `drift`: also what look_at_drift says; it takes longest. Returns when every question has its
// answer, or why there is none; each has a deadline.
EnvironmentStatus look(const DeploySettings& settings, World world, bool drift);

}  // namespace comments::ops
