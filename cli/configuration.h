// What `comments serve` has made of flags, environment and file, for whoever reads its log.
#pragma once

#include "cli/serve_plan.h"

namespace comments::cli {

// One line that names every setting as its option does, with `_`, and shows no secret.
void log_configuration(const ServePlan& plan);

}  // namespace comments::cli
