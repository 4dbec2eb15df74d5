// What `comments status --env` shows to people: pure text, 80 columns wide; as long as nothing is
// wrong, 24 lines high at most.
#pragma once

#include <optional>
#include <string>

#include "core/ops/environment/explain.h"
#include "core/ops/environment/status.h"

namespace comments::cli {

// The verdict with its reasons, then what was found; where nothing was, why. Ends with a line feed.
std::string environment_text(const ops::EnvironmentStatus& status, bool colour);

// nullopt: nothing has failed.
std::string explanation_text(const std::optional<ops::Explanation>& explanation, bool colour);

}  // namespace comments::cli
