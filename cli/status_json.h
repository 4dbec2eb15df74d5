// What `comments status --json` prints; cli/status.cpp documents it in its help.
#pragma once

#include <string>

#include "core/ops/service_status.h"

namespace comments::cli {

// One object on one line, keys sorted; null is what nobody knows.
std::string status_json(const ops::ServiceStatus& status);

}  // namespace comments::cli
