// What every answer passes on its way out: headers, its line in the log, its measurement.
//
// Shared by the Api and the answers that are under way. A store answers every post, but maybe after
// the drain has ended, when the Api is gone: its answer must not need the Api.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/api/cors.h"
#include "core/api/post_metrics.h"
#include "core/api/request_metrics.h"
#include "core/api/trail.h"

namespace comments::api {

// Safe for concurrent use.
struct Answering {
  explicit Answering(std::vector<std::string> origins) : cors(std::move(origins)) {}

  // Completes the response to the request of that trail, logs and measures it. `route` is nullptr
  // where the request had none.
  void finish(net::Response& response, const Trail& trail, const Route* route);

  const Cors cors;
  RequestMetrics requests;
  PostMetrics posts;
};

}  // namespace comments::api
