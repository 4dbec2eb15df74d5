// The text of --help, in one form whatever CLI11's version.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace comments::cli {

std::string program_help();
std::string command_help(const Command& command, const CLI::App& app);

}  // namespace comments::cli
