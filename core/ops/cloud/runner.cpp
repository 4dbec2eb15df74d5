#include "core/ops/cloud/runner.h"

#include <fmt/format.h>

#include "core/ops/cloud/redact.h"

namespace comments::ops {
namespace {

// A tool's last words say what went wrong; the ones before them, what it was doing.
constexpr std::size_t kShown = 600;

std::string last_words(const Outcome& outcome) {
  auto text = outcome.err.empty() ? outcome.out : outcome.err;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  if (text.size() > kShown) {
    const auto line = text.find('\n', text.size() - kShown);
    text = "…" + text.substr(line == std::string::npos ? text.size() - kShown : line);
  }
  return redacted(text);
}

}  // namespace

std::string describe(const Command& command, const Outcome& outcome) {
  const auto line = shell_quoted(command);
  switch (outcome.end) {
    case Outcome::End::not_started:
      return fmt::format("{} could not be started: {}", command.words.front(), outcome.err);
    case Outcome::End::deadline:
      return fmt::format("`{}` was ended after {} s without an answer", line,
                         command.deadline.count());
    case Outcome::End::interrupted:
      return fmt::format("`{}` was interrupted", line);
    case Outcome::End::exited:
    case Outcome::End::signalled:
      break;
  }
  const auto words = last_words(outcome);
  return fmt::format("`{}` ended with {}{}{}", line, outcome.exit_code, words.empty() ? "" : ":\n",
                     words);
}

}  // namespace comments::ops
