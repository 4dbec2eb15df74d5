#include "cli/help.h"

#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/program.h"
#include "cli/settings.h"

namespace comments::cli {
namespace {

constexpr std::size_t kColumn = 26;

std::string row(std::string_view left, std::string_view right) {
  if (left.size() + 2 > kColumn) {
    return fmt::format("  {}\n  {:{}}{}\n", left, "", kColumn, right);
  }
  return fmt::format("  {:<{}}{}\n", left, kColumn, right);
}

std::string names_and_value(const OptionWords& option) {
  auto words = fmt::format("{}", fmt::join(option.names, ", "));
  return option.value.empty() ? words : words + " " + option.value;
}

// A line for each way to use the command.
std::string usage_text(const Command& command, const CLI::App& app) {
  std::string text;
  for (const auto& way : usages(command, app)) {
    text +=
        fmt::format("{} comments {} {}\n", text.empty() ? "Usage:" : "      ", command.name, way);
  }
  return text;
}

std::set<ExitCode> all_exits() {
  std::set<ExitCode> all;
  for (const auto& command : commands()) {
    all.insert(command.exits.begin(), command.exits.end());
  }
  return all;
}

}  // namespace

std::string program_help() {
  std::string text =
      "comments: readers comment on an article and follow what the others say\n\n"
      "Usage: comments COMMAND [OPTIONS]\n\nCommands:\n";
  for (const auto& command : commands()) {
    if (!command.hidden) {
      text += row(command.name, command.summary);
    }
  }
  text += "\nOptions:\n" + row("-h, --help", "Show this help, or that of a command") +
          row("--version", "Show the version") +
          "\nEvery option is a setting, too: --log-level is COMMENTS_LOG_LEVEL in the environment\n"
          "and log-level in the config file (--config FILE, COMMENTS_CONFIG, or\n" +
          kDefaultConfigFile + "). A flag wins over the environment, that over the file.\n";
  const auto all = all_exits();
  return text + fmt::format("\nExit codes: {}.\n",
                            exit_codes_text(std::vector<ExitCode>(all.begin(), all.end())));
}

std::string command_help(const Command& command, const CLI::App& app) {
  std::string arguments;
  std::string options;
  for (const auto& option : option_words(app)) {
    if (option.names.empty()) {
      arguments += row(option.value, option.text);
    } else {
      options += row(names_and_value(option), option.text);
    }
  }
  auto text = fmt::format("{}\n\n{}", command.summary, usage_text(command, app));
  if (!arguments.empty()) {
    text += "\nArguments:\n" + arguments;
  }
  text += "\nOptions:\n" + options;
  if (!app.get_footer().empty()) {
    text += "\n" + app.get_footer() + "\n";
  }
  return text + fmt::format("\nExit codes: {}.\n", exit_codes_text(command.exits));
}

}  // namespace comments::cli
