// What `comments status` shows to people: pure text, 80 columns wide, 24 lines high at most.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ops/service_status.h"

namespace comments::cli {

// The verdict, where it comes from, and the figures; where there are none, why. Ends with a line
// feed. `unreachable_since`: where somebody has been watching.
std::string status_text(const ops::ServiceStatus& status, bool colour,
                        std::optional<Timestamp> unreachable_since = std::nullopt);

// What watching remembers of the looks before.
struct History {
  static constexpr std::size_t kLength = 60;

  void note(const ops::ServiceStatus& status);

  // The newest last, at most kLength; nullopt: was not known then.
  std::vector<std::optional<double>> requests_per_second;
  std::vector<std::optional<double>> p99;  // seconds
  std::optional<Timestamp> unreachable_since;
};

// Two small charts, a line each; "" as long as there is nothing to draw.
std::string trend_text(const History& history);

}  // namespace comments::cli
