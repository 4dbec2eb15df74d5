// Settings in a file, as flat TOML: NAME = VALUE, or a list of values.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace comments::cli {

// Name → values, in the order of the file. A UsageError names the file where it cannot be read, is
// not TOML, or has sections.
std::map<std::string, std::vector<std::string>> read_toml(const std::string& path);

}  // namespace comments::cli
