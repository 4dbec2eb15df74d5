#include "cli/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include "cli/exit_code.h"

namespace comments::cli {

void end_interrupted() {
  ::_exit(static_cast<int>(ExitCode::interrupted));
}

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
  end_at_the_next();
}

// A handler of our own, not the default action: process 1 of a container has no default action.
void StopSignals::end_at_the_next() const {
  struct sigaction at_once {};
  at_once.sa_handler = [](int) { end_interrupted(); };
  sigaction(SIGTERM, &at_once, nullptr);
  sigaction(SIGINT, &at_once, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

bool StopSignals::wait_for(std::chrono::milliseconds time) const {
  constexpr int kNanoseconds = 1'000'000;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec limit{.tv_sec = seconds.count(),
                       .tv_nsec = (time - seconds).count() * kNanoseconds};
  return sigtimedwait(&signals_, nullptr, &limit) >= 0;
}

}  // namespace comments::cli
