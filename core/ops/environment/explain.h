// Why the last rollout that did not succeed did not, and what to type next.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ops/deploy/settings.h"
#include "core/ops/environment/status.h"

namespace comments::ops {

struct NextCommand {
  std::string line;  // to be typed
  std::string why;
};

struct Explanation {
  std::string what;        // "the rollout of 0123456789ab was rolled back"
  std::string step;        // that failed; "": not known
  std::string reason;      // all that the step said
  std::string command;     // that failed, as one would type it; "": no command did
  std::string said;        // its last words, of standard error
  std::string last_words;  // of the new revision; "": none
  Timestamp time;          // when it ended, or was begun where it has not
  std::vector<NextCommand> next;
};

// The rollout that holds the lock without being at work, else the newest one on record that was not
// released. nullopt: there is none, as far as status says.
std::optional<Explanation> explain(const EnvironmentStatus& status, const DeploySettings& settings);

// Of what `describe` (core/ops/cloud/runner.h) says, wherever in a text: the command, and what it
// said.
struct FailedCommand {
  std::string command;
  std::string said;
};
FailedCommand failed_command(const std::string& reason);

}  // namespace comments::ops
