#include "cli/settings.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/suggest.h"
#include "cli/terminal_text.h"
#include "cli/toml_file.h"

namespace comments::cli {
namespace {

using Settings = std::map<std::string, std::string>;

// Options that are no settings: they belong to one call.
bool is_setting(const std::string& name) {
  static const std::set<std::string> of_one_call{
      "build",           "commit", "config",   "dry-run",    "explain",
      "freeze-override", "help",   "no-drift", "out",        "plan",
      "plan-only",       "resume", "rollback", "steal-lock", "version"};
  return !name.empty() && !of_one_call.contains(name);
}

std::string long_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? std::string() : option.get_lnames().front();
}

std::set<std::string> known_settings(const CLI::App& program) {
  std::set<std::string> names;
  for (const auto* command : program.get_subcommands({})) {
    for (const auto* option : command->get_options()) {
      if (is_setting(long_name(*option))) {
        names.insert(long_name(*option));
      }
    }
  }
  return names;
}

std::string config_path(const std::vector<std::string>& words, const Io& io) {
  for (std::size_t i = 0; i < words.size() && words[i] != kEndOfOptions; ++i) {
    constexpr std::string_view kFlag = "--config";
    if (words[i] == kFlag && i + 1 < words.size()) {
      return words[i + 1];
    }
    if (words[i].starts_with(std::string(kFlag) + "=")) {
      return words[i].substr(kFlag.size() + 1);
    }
  }
  if (const auto named = io.environment("COMMENTS_CONFIG")) {
    return *named;
  }
  return std::filesystem::exists(kDefaultConfigFile) ? kDefaultConfigFile : "";
}

Settings read_config(const std::string& path, const std::set<std::string>& known) {
  Settings settings;
  if (path.empty()) {
    return settings;
  }
  for (const auto& [name, values] : read_toml(path)) {
    if (!known.contains(name)) {
      throw UsageError(fmt::format("{}: there is no setting '{}'{}", path, name,
                                   did_you_mean(name, {known.begin(), known.end()})));
    }
    settings[name] = values.empty() ? "" : values.front();
  }
  return settings;
}

// What CLI11 says begins with the option's flag, which was not typed: here the source is named.
std::string fault_of(const CLI::Option& option, const std::string& value,
                     const CLI::ParseError& error) {
  std::string reason = error.what();
  if (const auto flag = option.get_name() + ": "; reason.starts_with(flag)) {
    reason.erase(0, flag.size());
  }
  const bool quotes_the_value = reason.starts_with("'");
  return one_line(quotes_the_value ? reason : fmt::format("'{}' does not fit: {}", value, reason));
}

void set_default(CLI::Option& option, const std::string& value, const std::string& source) {
  try {
    option.run_callback_for_default()->default_val(value);
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}: {}", source, fault_of(option, value, error)));
  }
}

}  // namespace

std::string environment_name(const std::string& option_name) {
  std::string name = "COMMENTS_" + option_name;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

void apply_settings(CLI::App& program, CLI::App& command, const std::vector<std::string>& words,
                    const Io& io) {
  const auto path = config_path(words, io);
  const auto from_file = read_config(path, known_settings(program));
  for (auto* option : command.get_options()) {
    const auto name = long_name(*option);
    if (!is_setting(name)) {
      continue;
    }
    const auto variable = environment_name(name);
    const auto in_file = from_file.find(name);
    if (const auto value = io.environment(variable); value && !value->empty()) {
      set_default(*option, *value, variable);
    } else if (in_file != from_file.end()) {
      set_default(*option, in_file->second, fmt::format("{}, {}", path, name));
    }
  }
}

}  // namespace comments::cli
