// What `comments status --env --json` prints; cli/status.cpp documents it in its help.
#pragma once

#include <string>

#include "core/ops/environment/explain.h"
#include "core/ops/environment/status.h"

namespace comments::cli {

// One object on one line, keys sorted; null is what nobody knows, or was not asked.
std::string environment_json(const ops::EnvironmentStatus& status,
                             const std::optional<ops::Explanation>& explanation);

}  // namespace comments::cli
