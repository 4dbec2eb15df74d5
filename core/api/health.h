// GET /health/live, /health/ready, /health/startup.
#pragma once

#include "core/api/call.h"
#include "core/api/readiness.h"
#include "core/api/routes.h"

namespace comments::api {

// Whether reads can be answered now.
bool is_ready(Phase phase, bool store_reads, bool lists_are_kept);

// live: 200 while the process runs. startup: 200 once it has started. ready: 200 whenever reads can
// be answered, by the store or, where that fails, of lists that are kept; a store that cannot write
// is DEGRADED with 200, for a full disk must not take the readers off the air.
net::Response health(const Call& call, Phase phase, Endpoint endpoint, bool lists_are_kept);

}  // namespace comments::api
