// Where an option's value comes from when it is not typed: flag > environment (COMMENTS_…) >
// config file > default, the same names everywhere: --log-level, COMMENTS_LOG_LEVEL, log-level.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/io.h"

namespace comments::cli {

inline constexpr const char* kDefaultConfigFile = "/etc/comments/comments.toml";

// `--port` → "COMMENTS_PORT".
std::string environment_name(const std::string& option_name);

// Gives every option of `command` its value from the environment or the config file, as a default
// that a typed flag overrides. The file is the one named by --config in `words`, or by
// COMMENTS_CONFIG, or kDefaultConfigFile where that exists. `program` knows the options of every
// command: a setting of another command is skipped, one of none is a UsageError, and so is a value
// that does not fit; the error names the variable or the file.
void apply_settings(CLI::App& program, CLI::App& command, const std::vector<std::string>& words,
                    const Io& io);

}  // namespace comments::cli
