#include "cli/program.h"

#include <fmt/format.h>

namespace comments::cli {
namespace {

// CLI11 writes what a value may be behind its type: "ORDER:{asc,desc}".
std::vector<std::string> choices_in(const std::string& type) {
  const auto begin = type.find(":{");
  const auto end = type.find('}', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) {
    return {};
  }
  return CLI::detail::split(type.substr(begin + 2, end - begin - 2), ',');
}

OptionWords words_of(const CLI::Option& option) {
  OptionWords words{.text = option.get_description(), .required = option.get_required()};
  for (const auto& name : option.get_snames()) {
    words.names.push_back("-" + name);
  }
  for (const auto& name : option.get_lnames()) {
    words.names.push_back("--" + name);
  }
  if (option.get_positional()) {
    words.value = option.get_name(true);
    words.names.clear();
  } else if (option.get_type_size() != 0) {
    const auto type = option.get_type_name();
    words.value = type.substr(0, type.find(':'));
    words.value_required = option.get_expected_min() > 0;
  }
  words.choices = choices_in(option.get_type_name());
  if (!option.get_default_str().empty()) {
    words.text += fmt::format(" [{}]", option.get_default_str());
  }
  return words;
}

}  // namespace

std::vector<DeclaredCommand> declare_commands(CLI::App& program) {
  std::vector<DeclaredCommand> declared;
  for (const auto& command : commands()) {
    auto* app = program.add_subcommand(std::string(command.name), std::string(command.summary));
    app->set_help_flag("-h,--help", "Show this help");
    app->add_option("--config", "Read settings from this TOML file")->type_name("FILE");
    app->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app->allow_extras();
    declared.push_back({&command, app, command.declare(*app)});
  }
  return declared;
}

std::vector<OptionWords> option_words(const CLI::App& command) {
  std::vector<OptionWords> all;
  for (const auto* option : command.get_options()) {
    all.push_back(words_of(*option));
  }
  return all;
}

std::vector<std::string> usages(const Command& command, const CLI::App& app) {
  if (!command.usage.empty()) {
    return CLI::detail::split(std::string(command.usage), '\n');
  }
  std::string arguments;
  for (const auto& option : option_words(app)) {
    if (option.names.empty()) {
      arguments += option.required ? option.value + " " : "[" + option.value + "] ";
    }
  }
  return {arguments + "[OPTIONS]"};
}

}  // namespace comments::cli
