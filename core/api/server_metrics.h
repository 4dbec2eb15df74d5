// What a server of core/net counts, shown to operators.
#pragma once

#include "core/net/server.h"
#include "core/telemetry/metrics.h"

namespace comments::api {

// `metrics` must not be asked after the server is gone.
void expose_server(Metrics& metrics, const net::Server& server);

}  // namespace comments::api
