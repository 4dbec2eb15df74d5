// Commands in this process: words in; exit code, output and errors out.
#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run.h"

namespace comments::tests {

struct CliSession {
  std::map<std::string, std::string> environment = {};
  std::string input = {};
  bool terminal = false;

  std::string out = {};
  std::string err = {};

  // The exit code.
  int run(const std::vector<std::string>& words) {
    std::istringstream in(input);
    std::ostringstream out_stream;
    std::ostringstream err_stream;
    cli::Io io{.in = in,
               .out = out_stream,
               .err = err_stream,
               .in_is_terminal = terminal,
               .out_is_terminal = terminal,
               .err_is_terminal = terminal,
               .environment = [this](const std::string& name) -> std::optional<std::string> {
                 const auto found = environment.find(name);
                 return found == environment.end() ? std::nullopt : std::optional(found->second);
               }};
    const auto code = cli::run(words, io);
    out = out_stream.str();
    err = err_stream.str();
    return static_cast<int>(code);
  }
};

}  // namespace comments::tests
