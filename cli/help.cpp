#include "cli/help.h"

#include <set>
#include <vector>

#include <fmt/format.h>

#include "cli/settings.h"
#include "core/version.h"

namespace comments::cli {
namespace {

constexpr std::size_t kColumn = 26;

std::string row(std::string_view left, std::string_view right) {
  if (left.size() + 2 > kColumn) {
    return fmt::format("  {}\n  {:{}}{}\n", left, "", kColumn, right);
  }
  return fmt::format("  {:<{}}{}\n", left, kColumn, right);
}

std::string option_words(const CLI::Option& option) {
  std::string words;
  for (const auto& name : option.get_snames()) {
    words += "-" + name + ", ";
  }
  for (const auto& name : option.get_lnames()) {
    words += "--" + name;
  }
  const auto type = option.get_type_name();  // followed by what its checks allow, which we word
  return option.get_type_size() == 0 ? words : words + " " + type.substr(0, type.find(':'));
}

std::string option_text(const CLI::Option& option) {
  auto text = option.get_description();
  if (!option.get_default_str().empty()) {
    text += fmt::format(" [{}]", option.get_default_str());
  }
  return text;
}

// A line for each way to use the command.
std::string usage_text(std::string_view name, const std::string& ways) {
  std::string text;
  for (const auto& way : CLI::detail::split(ways, '\n')) {
    text += fmt::format("{} comments {} {}\n", text.empty() ? "Usage:" : "      ", name, way);
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
    text += row(command.name, command.summary);
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
  std::string argument_rows;
  std::string option_rows;
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) {
      const auto name = option->get_name(true);
      arguments += option->get_required() ? name + " " : "[" + name + "] ";
      argument_rows += row(name, option_text(*option));
    } else {
      option_rows += row(option_words(*option), option_text(*option));
    }
  }
  auto text =
      fmt::format("{}\n\n{}", command.summary,
                  usage_text(command.name, command.usage.empty() ? arguments + "[OPTIONS]"
                                                                 : std::string(command.usage)));
  if (!argument_rows.empty()) {
    text += "\nArguments:\n" + argument_rows;
  }
  text += "\nOptions:\n" + option_rows;
  if (!app.get_footer().empty()) {
    text += "\n" + app.get_footer() + "\n";
  }
  return text + fmt::format("\nExit codes: {}.\n", exit_codes_text(command.exits));
}

}  // namespace comments::cli
