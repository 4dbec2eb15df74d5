#include "core/api/trail.h"

#include "core/api/request_id.h"
#include "core/telemetry/log.h"

namespace comments::api {
namespace {

constexpr std::chrono::milliseconds kSlow{250};

}  // namespace

Trail::Trail(const net::Request& request)
    : method(request.method), origin(request.header("Origin")), received(request.received) {
  const auto sent_id = request.header("X-Request-Id");
  request_id_was_sent = is_request_id(sent_id);
  request_id = request_id_was_sent ? std::string(sent_id) : new_request_id();
}

void log_access(const Trail& trail, int status) {
  const auto took = std::chrono::steady_clock::now() - trail.received;
  const auto severity = status >= 500 && status != 503  ? Severity::error
                        : status == 503 || took > kSlow ? Severity::warning
                                                        : Severity::debug;
  if (logs(severity)) {
    log(severity, "request",
        {{"method", trail.method},
         {"route", trail.route},
         {"status", std::int64_t{status}},
         {"ms", std::chrono::duration<double, std::milli>(took).count()},
         {"request_id", trail.request_id}});
  }
}

}  // namespace comments::api
