// A terraform that failed, for people: its own errors instead of its events.
#pragma once

#include <string>

#include "core/ops/cloud/runner.h"
#include "core/ops/cloud/terraform.h"

namespace comments::ops {

// As `describe` does, with a line for each error that it told by -json; and where its state is
// locked, what to type.
std::string describe(const terraform::Root& root, const Command& command, const Outcome& outcome);

}  // namespace comments::ops
