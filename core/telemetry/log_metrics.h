// What the log counts of itself.
#pragma once

#include "core/telemetry/metrics.h"

namespace comments {

void expose_log(Metrics& metrics);

}  // namespace comments
