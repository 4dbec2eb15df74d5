#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <system_error>
#include <unistd.h>

#include "cli/output.h"
#include "cli/run.h"

namespace {

using comments::cli::ExitCode;

// A result that nobody could have is no success. A reader who has had enough (EPIPE) is.
ExitCode after_output(ExitCode code, int error) {
  if (error == 0 || error == EPIPE) {
    return code;
  }
  std::cerr << "comments: standard output cannot be written: "
            << std::generic_category().message(error) << '\n';
  return code == ExitCode::ok ? ExitCode::failed : code;
}

// A standard stream that the caller has closed: its number must not become a socket's or a
// database's, which would then be written to. Writing (reading, of input) fails instead.
void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) == -1) {
      ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest number free
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is met as a failed write
  std::ios::sync_with_stdio(false);
  comments::cli::Output output(STDOUT_FILENO);
  std::ostream out(&output);
  std::cerr.tie(&out);  // in the order they were said
  comments::cli::Io io{
      .in = std::cin,
      .out = out,
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
  out.flush();
  std::cerr.tie(nullptr);
  return static_cast<int>(after_output(code, output.error()));
}
