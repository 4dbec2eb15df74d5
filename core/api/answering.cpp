#include "core/api/answering.h"

#include <chrono>

#include "core/api/responses.h"

namespace comments::api {

void Answering::finish(net::Response& response, const Trail& trail, const Route* route) {
  add_common_headers(response, trail.asker());
  add_trace_header(response, trail.request_id.trace_if_any());
  cors.add_headers(response, trail.origin);
  log_access(trail, response);
  if (route != nullptr && !trail.is_probe) {
    requests.answered({*route, trail.method == "HEAD", response.status,
                       std::chrono::steady_clock::now() - trail.received, trail.sampled_trace()});
  }
}

}  // namespace comments::api
