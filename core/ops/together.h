// Things done at the same time, for whoever waits on others' answers.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include "core/ops/cloud/runner.h"

namespace comments::ops {

// Calls each of `tasks` once, at most so many at a time, and returns when the last has ended. They
// must not write to the same value.
void together(const std::vector<std::function<void()>>& tasks,
              std::size_t at_most = std::numeric_limits<std::size_t>::max());

// The outcomes in the order of `commands`: each start of gcloud costs a second or three.
std::vector<Outcome> run_together(Runner& runner, const std::vector<Command>& commands);

}  // namespace comments::ops
