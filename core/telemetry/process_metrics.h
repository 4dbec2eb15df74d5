// What the operating system says of this process, under the names that Prometheus' client libraries
// share: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
#pragma once

#include "core/telemetry/metrics.h"

namespace comments {

// From /proc/self (proc(5)), read anew for every exposition; 0 where that cannot be read.
void expose_process(Metrics& metrics);

}  // namespace comments
