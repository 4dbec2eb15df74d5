// What is known of a request when its answer leaves, and its line in the log.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/api/call.h"
#include "core/net/http.h"

namespace comments::api {

struct Trail {
  explicit Trail(const net::Request& request);

  std::string method;
  std::string_view route = "none";  // the pattern: paths are without bound and may be personal
  std::string request_id;
  bool request_id_was_sent = false;
  std::string origin;  // of the page that asks, where a browser says so
  std::chrono::steady_clock::time_point received;

  Asker asker() const {
    return {.request_id = request_id, .request_id_was_sent = request_id_was_sent};
  }
};

void log_access(const Trail& trail, int status);

}  // namespace comments::api
