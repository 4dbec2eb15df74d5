// What serves before a rollout changes anything, which an undo brings back.
#pragma once

#include "core/ops/deploy/release.h"

namespace comments::ops {

// Of release.service into release.progress.before, unless that is what another one has found. The
// image is that of the revision with most readers, which need not be the newest one's. A result:
// it is not to be had, so nobody could go back.
std::optional<StepResult> remember_before(Release& release);

}  // namespace comments::ops
