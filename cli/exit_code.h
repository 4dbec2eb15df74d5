// How the program ends. The numbers are a contract for scripts: they never change.
#pragma once

#include <span>
#include <string>

#include "core/comment/result.h"

namespace comments::cli {

enum class ExitCode : int {
  ok = 0,
  failed = 1,
  usage = 2,
  refused = 3,      // the service said no (4xx); deploy: the lock, a freeze, a plan that moved
  unavailable = 4,  // not reached, or not ready, after retries
  rolled_back = 5,  // deploy: what served before serves again, or still
  degraded = 6,     // status: it answers, but is not, or not wholly, ready; or there is drift
  held = 7,         // deploy: a person decides
  interrupted = 130,
};

// "0 ok, 2 usage", for the help.
std::string exit_codes_text(std::span<const ExitCode> codes);

// The exit of a client's command that ended in this error.
ExitCode exit_code_of(const Error& error);

}  // namespace comments::cli
