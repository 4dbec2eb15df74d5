// Ctrl-C and SIGTERM, for what runs children.
#pragma once

#include <functional>
#include <thread>

#include "cli/stop_signals.h"
#include "core/process/interruption.h"

namespace comments::cli {

// Hands the first one on to `interruption`. A second one ends the process, with 130, after
// `last_words` are said: whatever is under way goes no further. A third does not wait for these.
// All three outlive it.
class StopListener {
 public:
  StopListener(
      const StopSignals& signals, Interruption& interruption,
      std::function<void()> last_words = [] {});

 private:
  std::jthread thread_;
};

}  // namespace comments::cli
