#include "cli/toml_file.h"

#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/terminal_text.h"

namespace comments::cli {

std::map<std::string, std::vector<std::string>> read_toml(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw UsageError(fmt::format("the config file {} cannot be read", path));
  }
  std::map<std::string, std::vector<std::string>> values;
  try {
    for (const auto& item : CLI::ConfigTOML().from_config(file)) {
      if (item.name == "++" || item.name == "--") {
        throw UsageError(fmt::format("{}: settings have no sections; remove the [{}]", path,
                                     item.parents.empty() ? "" : item.parents.back()));
      }
      values[item.name] = item.inputs;
    }
  } catch (const CLI::Error& error) {
    throw UsageError(fmt::format("{} is no TOML: {}", path, one_line(error.what())));
  }
  return values;
}

}  // namespace comments::cli
