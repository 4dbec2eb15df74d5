#include "cli/progress.h"

#include <fmt/format.h>

namespace comments::cli {

Progress::Progress(std::ostream& out, bool is_terminal, std::string_view verb)
    : out_(out), is_terminal_(is_terminal), verb_(verb) {}

void Progress::show(const State& state) {
  if (is_terminal_ && Time::now() - drawn_ >= std::chrono::milliseconds(100)) {
    draw(state);
  }
}

void Progress::finish(const State& state) {
  if (is_terminal_) {
    draw(state);
    out_ << '\n';
  } else {
    const State counted{.done = state.done, .failed = state.failed};
    out_ << progress_line(counted, Time::now() - began_, verb_) << '\n';
  }
  out_.flush();
}

void Progress::draw(const State& state) {
  drawn_ = Time::now();
  // Back to the line's beginning, and what an earlier, longer line left is cleared.
  out_ << '\r' << progress_line(state, drawn_ - began_, verb_) << "\x1b[K";
  out_.flush();
}

std::string progress_line(const Progress::State& state, std::chrono::duration<double> elapsed,
                          std::string_view verb) {
  constexpr int kWidth = 30;
  std::string line;
  if (state.fraction >= 0) {
    const auto filled = static_cast<std::size_t>(state.fraction * kWidth);
    line = fmt::format("{:3.0f} % [{}{}] ", state.fraction * 100, std::string(filled, '#'),
                       std::string(kWidth - filled, ' '));
  }
  const auto rate = elapsed.count() > 0 ? static_cast<double>(state.done) / elapsed.count() : 0;
  line += fmt::format("{} {}, {:.0f}/s", state.done, verb, rate);
  if (state.failed > 0) {
    line += fmt::format(", {} failed", state.failed);
  }
  if (state.fraction > 0 && state.fraction < 1) {
    line += fmt::format(", {:.0f} s left", elapsed.count() * (1 - state.fraction) / state.fraction);
  }
  return line;
}

}  // namespace comments::cli
