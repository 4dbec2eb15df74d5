// What is known of a request when its answer leaves, and its line in the log.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/api/access_log.h"
#include "core/api/call.h"
#include "core/net/http.h"

namespace comments::api {

struct Trail {
  Trail(const net::Request& request, AccessLog policy);

  std::string_view method;          // "_OTHER": none of HTTP's; static storage, like the next
  std::string_view route = "none";  // the pattern: paths are without bound and may be personal
  RequestId request_id;
  std::string origin;  // of the page that asks, where a browser says so
  std::chrono::steady_clock::time_point received;
  std::size_t body_size = 0;
  AccessLog policy;
  bool in_sample = false;
  bool is_probe = false;  // of a monitor: no reader waits for the answer

  Asker asker() const {
    return {.request_id = request_id.text, .request_id_was_sent = request_id.was_sent};
  }

  // The trace, where somebody keeps it: what an exemplar may name.
  const TraceContext* sampled_trace() const {
    return request_id.trace && request_id.trace->sampled ? &*request_id.trace : nullptr;
  }
};

void log_access(const Trail& trail, const net::Response& response);

}  // namespace comments::api
