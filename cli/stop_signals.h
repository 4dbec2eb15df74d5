// SIGTERM and SIGINT as something to wait for.
#pragma once

#include <chrono>
#include <csignal>

namespace comments::cli {

// Make one before any other thread exists: the signals are blocked from then on, in every thread.
class StopSignals {
 public:
  StopSignals();

  // Returns when one of the signals has come. From then on a further one ends the process at once.
  void wait() const;

  // For a time; false: none has come.
  bool wait_for(std::chrono::milliseconds time) const;

  // From now on one ends the process at once, whoever waits.
  void end_at_the_next() const;

 private:
  sigset_t signals_{};
};

// As a signal does that nobody waits for: without a destructor.
[[noreturn]] void end_interrupted();

}  // namespace comments::cli
