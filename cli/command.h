// One command of the program: one file each, and one row in the table that is both the dispatch
// and the help.
#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "cli/exit_code.h"
#include "cli/io.h"

namespace comments::cli {

// What follows it is no option, whatever it begins with.
inline constexpr std::string_view kEndOfOptions = "--";

// Does the work, once every option has its final value.
using Action = std::function<ExitCode(Io&)>;

struct Command {
  std::string_view name;
  std::string_view summary;
  // Declares the command's options on `app`; the action shares their values.
  Action (*declare)(CLI::App& app);
  std::span<const ExitCode> exits;
  // After the name, where the options alone do not show what must be given; a line for each way.
  std::string_view usage = {};
  bool hidden = false;  // from the program's help: packages call it, people hardly
};

std::span<const Command> commands();

Action declare_serve(CLI::App& app);
Action declare_post(CLI::App& app);
Action declare_list(CLI::App& app);
Action declare_deploy(CLI::App& app);
Action declare_status(CLI::App& app);
Action declare_migrate(CLI::App& app);
Action declare_export(CLI::App& app);
Action declare_import(CLI::App& app);
Action declare_backup(CLI::App& app);
Action declare_restore(CLI::App& app);
Action declare_completions(CLI::App& app);
Action declare_manual(CLI::App& app);

// What was asked makes no sense: ends the program with ExitCode::usage and this one line.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace comments::cli
