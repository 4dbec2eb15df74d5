#include <csignal>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

#include "cli/run.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is met as a failed write
  std::ios::sync_with_stdio(false);
  comments::cli::Io io{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
      .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
      .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
      .environment = [](const std::string& name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      },
  };
  const auto code = comments::cli::run({argv + 1, argv + argc}, io);
  std::cout.flush();
  return static_cast<int>(code);
}
