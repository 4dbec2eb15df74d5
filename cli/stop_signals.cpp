#include "cli/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include "cli/exit_code.h"

namespace comments::cli {

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::wait() const {
  int signal = 0;
  sigwait(&signals_, &signal);
  // A handler of our own, not the default action: process 1 of a container has no default action.
  struct sigaction at_once {};
  at_once.sa_handler = [](int) { ::_exit(static_cast<int>(ExitCode::interrupted)); };
  sigaction(SIGTERM, &at_once, nullptr);
  sigaction(SIGINT, &at_once, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}  // namespace comments::cli
