#include "core/ops/deploy/event.h"

#include <array>

namespace comments::ops {

std::string_view word_of(Event::Kind kind) {
  constexpr std::array<std::string_view, 9> kWords{"step_started", "step_done", "step_skipped",
                                                   "step_failed",  "command",   "progress",
                                                   "note",         "ended",     "waiting"};
  return kWords.at(static_cast<std::size_t>(kind));
}

std::string_view word_of(Ending ending) {
  constexpr std::array<std::string_view, 7> kWords{
      "released", "planned", "failed", "refused", "rolled_back", "held", "interrupted"};
  return kWords.at(static_cast<std::size_t>(ending));
}

}  // namespace comments::ops
