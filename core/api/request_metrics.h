// What is counted of requests: how long each route takes to answer, by method and status; what was
// turned away before it reached a route; what followers were told first.
//
// Names and labels: OpenTelemetry's semantic conventions for HTTP metrics. The durations are what
// the service's objectives are about, so what is no reader's request is not among them: health, the
// admin port, threads named `_probe`, and streams, whose ten minutes are no slow answer.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <string_view>
#include <vector>

#include "core/api/routes.h"
#include "core/telemetry/metrics.h"
#include "core/telemetry/trace_context.h"

namespace comments::api {

// What threads begin with that monitors and rollouts post to and read: `_probe`, `_probe-COMMIT`.
inline constexpr std::string_view kProbeThread = "_probe";

inline bool is_probe_thread(std::string_view content_id) {
  return content_id == kProbeThread || content_id.starts_with("_probe-");
}

// Why a request was answered without reaching a route.
enum class Rejection {
  malformed,
  timeout,
  body_too_large,
  target_too_long,
  head_too_large,
  not_implemented,
  version,
  connections,
  internal,
  bad_target,
  no_such_path,
  method_not_allowed,
};

// For what the connection stage refuses with that status.
Rejection rejection_of_fault(int http_status);

// Safe for concurrent use.
class RequestMetrics {
 public:
  RequestMetrics();

  void expose(Metrics& metrics) const;

  struct Answer {
    const Route& route;
    bool head_only = false;
    int status = 0;
    std::chrono::steady_clock::duration took;
    const TraceContext* trace = nullptr;  // where somebody keeps it, for an exemplar
  };
  void answered(const Answer& answer);
  void rejected(Rejection reason);

 private:
  static constexpr std::size_t kRejections =
      static_cast<std::size_t>(Rejection::method_not_allowed) + 1;

  // The answers of one route to one method.
  struct Answers {
    std::vector<int> statuses;  // the last one, 0, stands for any other
    std::deque<Histogram> durations;
  };

  std::array<Answers, kRoutes.size()> answers_;
  std::array<Answers, kRoutes.size()> head_answers_;
  std::vector<int> stream_statuses_;
  std::deque<Counter> streams_;
  std::array<Counter, kRejections> rejections_;
};

}  // namespace comments::api
