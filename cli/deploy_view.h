// A rollout told to people, and to programs.
#pragma once

#include <memory>
#include <ostream>

#include "cli/io.h"
#include "core/ops/deploy/event.h"

namespace comments::cli {

// On a terminal, a line a step, that of the step at work redrawn; elsewhere plain lines.
// `with_commands`: each command, too. Writes to io.err.
std::unique_ptr<ops::Teller> make_deploy_text(const Io& io, bool with_commands);

// An object a line, to io.out: {"event":…,"format":1,"seconds":…,"step":…,"text":…}.
std::unique_ptr<ops::Teller> make_deploy_json(const Io& io);

}  // namespace comments::cli
