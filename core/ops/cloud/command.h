// A command of another program, as a value: compared in tests, shown by --dry-run, run by a Runner.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace comments::ops {

struct Command {
  std::vector<std::string> words;  // the program first, found by PATH; nothing goes through a shell
  std::chrono::seconds deadline{60};
  std::vector<std::pair<std::string, std::string>> environment = {};  // beside our own
  std::optional<std::string> input = {};  // its standard input; nullopt: none
};

// As one would type it in a POSIX shell: words are quoted only where they must be.
std::string shell_quoted(const Command& command);

}  // namespace comments::ops
