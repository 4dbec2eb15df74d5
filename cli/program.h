// The whole program as CLI11 knows it: every command of the table with its options. For who runs
// one of them, and for who writes about all: help, completions, the manual.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace comments::cli {

struct DeclaredCommand {
  const Command* command;
  CLI::App* app;  // belongs to the program
  Action action;
};

// Each command becomes a subcommand of `program`, in the table's order.
std::vector<DeclaredCommand> declare_commands(CLI::App& program);

// An option or an argument in words.
struct OptionWords {
  std::vector<std::string> names;    // "-h", "--help"; none: an argument
  std::string value;                 // "FILE", what an argument is called; "": a flag
  std::vector<std::string> choices;  // what the value can be, where that is a list
  std::string text;                  // its default at the end, in brackets
  bool required = false;
  bool value_required = true;
};

std::vector<OptionWords> option_words(const CLI::App& command);

// After `comments NAME `, a way to use the command each.
std::vector<std::string> usages(const Command& command, const CLI::App& app);

}  // namespace comments::cli
