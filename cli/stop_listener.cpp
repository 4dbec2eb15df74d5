#include "cli/stop_listener.h"

#include <chrono>
#include <utility>

namespace comments::cli {
namespace {

bool comes(const StopSignals& signals, const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kLook{100};
  while (!stop.stop_requested()) {
    if (signals.wait_for(kLook)) {
      return true;
    }
  }
  return false;
}

}  // namespace

StopListener::StopListener(const StopSignals& signals, Interruption& interruption,
                           std::function<void()> last_words)
    : thread_([&signals, &interruption,
               last_words = std::move(last_words)](const std::stop_token& stop) {
        if (!comes(signals, stop)) {
          return;
        }
        interruption.request();
        if (!comes(signals, stop)) {
          return;
        }
        signals.end_at_the_next();
        last_words();
        end_interrupted();
      }) {}

}  // namespace comments::cli
