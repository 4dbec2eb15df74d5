// How far a long job has come: a bar that is redrawn on a terminal; elsewhere, one line at its end.
#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace comments::cli {

// One thread at a time.
class Progress {
 public:
  struct State {
    std::int64_t done = 0;
    std::int64_t failed = 0;
    double fraction = -1;  // of the whole, 0 to 1; negative: nobody knows the whole
  };

  // `verb`: what has been done to what is counted; it outlives this object.
  Progress(std::ostream& out, bool is_terminal, std::string_view verb = "posted");

  // Draws at most every 100 ms, on a terminal only: a log is no place for a bar.
  void show(const State& state);

  // Draws the last state, whatever the time; elsewhere than on a terminal without a bar.
  void finish(const State& state);

 private:
  void draw(const State& state);

  using Time = std::chrono::steady_clock;

  std::ostream& out_;
  const bool is_terminal_;
  const std::string_view verb_;
  const Time::time_point began_ = Time::now();
  Time::time_point drawn_ = began_;
};

// "  45 % [#########           ] 45000 posted, 12345/s, 4 s left"
std::string progress_line(const Progress::State& state, std::chrono::duration<double> elapsed,
                          std::string_view verb = "posted");

}  // namespace comments::cli
