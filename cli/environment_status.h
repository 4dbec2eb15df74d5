// comments status --env: an environment on Google Cloud, once or again and again.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/exit_code.h"
#include "cli/io.h"

namespace comments::cli {

struct EnvironmentStatusOptions {
  std::string environment;
  std::string config_dir;  // "": terraform/environments, here or above
  std::optional<std::chrono::duration<double>> interval;  // of watching
  bool watch = false;
  bool json = false;
  bool explain = false;
  bool drift = true;
};

ExitCode environment_status(const EnvironmentStatusOptions& options, Io& io);

}  // namespace comments::cli
