#include "core/telemetry/log_metrics.h"

#include <array>

#include "core/telemetry/log.h"

namespace comments {

void expose_log(Metrics& metrics) {
  constexpr std::array kNames{"debug", "info", "warning", "error"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    metrics.counter({"log_messages", "Lines that were logged."}, {{"severity", kNames.at(i)}},
                    [i] { return static_cast<double>(log_counts().written.at(i)); });
  }
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    metrics.counter({"log_messages_dropped", "Lines for which there was no room, or no reader."},
                    {{"severity", kNames.at(i)}},
                    [i] { return static_cast<double>(log_counts().dropped.at(i)); });
  }
}

}  // namespace comments
