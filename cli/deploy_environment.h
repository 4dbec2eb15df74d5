// An environment's files: found, and its deploy.toml read.
#pragma once

#include <string>

#include "core/ops/deploy/settings.h"

namespace comments::cli {

// `config_dir`: the folder of the environments; "": terraform/environments, looked for from the
// working directory upwards. UsageErrors name what there is instead.
ops::DeploySettings find_environment(const std::string& environment, const std::string& config_dir);

}  // namespace comments::cli
