// What a rollout tells while it goes on.
#pragma once

#include <string>
#include <string_view>

namespace comments::ops {

struct Event {
  enum class Kind {
    step_started,  // text: what the step does
    step_done,     // text: what it came to
    step_skipped,  // text: why
    step_failed,   // text: why, and what to do
    command,       // text: as one would type it
    progress,      // text: how far it is
    note,          // text: what a person should know
    ended,         // text: what to do next; step: the ending's word
    waiting,       // text: what was told last, which lasts; told where nothing else is
  };
  Kind kind = Kind::note;
  std::string step = {};
  std::string text = {};  // without secrets
  double seconds = 0;     // since the rollout began
};

std::string_view word_of(Event::Kind kind);

class Teller {
 public:
  virtual ~Teller() = default;
  virtual void tell(const Event& event) = 0;
};

// How a rollout ends.
enum class Ending {
  released,     // the commit serves
  planned,      // the plan is in its file, nothing has been touched
  failed,       // before anything was changed
  refused,      // by the lock, a freeze, or because the plan does not fit any more
  rolled_back,  // what served before serves again, or still
  held,         // a person decides; the lock stays
  interrupted,  // by a person, before anything was changed
};
std::string_view word_of(Ending ending);

}  // namespace comments::ops
