// Commands run as child processes.
#pragma once

#include <memory>

#include "core/ops/cloud/runner.h"
#include "core/process/interruption.h"

namespace comments {

// Each child leads a process group of its own, with our environment and what its command adds; no
// shell is involved. At its deadline, or when `interruption` (which outlives the runner) is
// pending, the group gets SIGTERM or SIGINT, so that terraform can write its state, and SIGKILL if
// it is still there after a grace. A child outlives us if we are killed, whatever it says from then
// on: what it had begun is completed. Of each stream, 64 MiB are kept.
std::unique_ptr<ops::Runner> make_child_runner(Interruption& interruption);

}  // namespace comments
