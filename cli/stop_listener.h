// Ctrl-C and SIGTERM, for what runs children.
#pragma once

#include <chrono>
#include <thread>

#include "cli/stop_signals.h"
#include "core/process/interruption.h"

namespace comments::cli {

// Hands them on to `interruption`, which outlives it. A second one ends the process. Make it before
// any other thread exists.
class StopListener {
 public:
  explicit StopListener(Interruption& interruption)
      : thread_([this, &interruption](const std::stop_token& stop) {
          constexpr std::chrono::milliseconds kLook{100};
          while (!stop.stop_requested()) {
            if (signals_.wait_for(kLook)) {
              return interruption.request();
            }
          }
        }) {}

 private:
  StopSignals signals_;
  std::jthread thread_;
};

}  // namespace comments::cli
