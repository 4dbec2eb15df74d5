// The text of --help, in one form whatever CLI11's version.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace comments::cli {

std::string program_help();
std::string command_help(const CLI::App& command);

}  // namespace comments::cli
