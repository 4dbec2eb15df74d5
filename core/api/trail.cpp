#include "core/api/trail.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/telemetry/log.h"

namespace comments::api {
namespace {

// A method is any word that its sender likes: only these are repeated.
std::string_view known_method(std::string_view method) {
  constexpr std::array<std::string_view, 8> kMethods{"GET",    "HEAD",    "POST",  "PUT",
                                                     "DELETE", "OPTIONS", "TRACE", "PATCH"};
  const auto* known = std::find(kMethods.begin(), kMethods.end(), method);
  return known != kMethods.end() ? *known : "_OTHER";
}

}  // namespace

Trail::Trail(const net::Request& request, AccessLog access_policy)
    : method(known_method(request.method)),
      request_id(request_id_of(request)),
      origin(request.header("Origin")),
      received(request.received),
      body_size(request.body.size()),
      policy(access_policy),
      in_sample(policy == AccessLog::sample && AccessSample::count()) {}

void log_access(const Trail& trail, const net::Response& response) {
  const auto took = std::chrono::steady_clock::now() - trail.received;
  const auto severity = access_severity(trail.policy, {.status = response.status,
                                                       .took = took,
                                                       .in_sample = trail.in_sample,
                                                       .traced = trail.sampled_trace() != nullptr});
  if (!logs(severity)) {
    return;
  }
  // As Cloud Logging's HttpRequest: 64-bit numbers are texts there, and a latency ends with s.
  const auto latency = fmt::format("{:.6f}s", std::chrono::duration<double>(took).count());
  const auto request_size = fmt::format("{}", trail.body_size);
  const auto response_size = fmt::format("{}", trail.method == "HEAD" ? 0 : response.body_size());
  log(severity, "request",
      {{"httpRequest",
        {{"requestMethod", trail.method},
         {"requestUrl", trail.route},
         {"status", std::int64_t{response.status}},
         {"latency", latency},
         {"requestSize", request_size},
         {"responseSize", response_size}}},
       {"request_id", trail.request_id.text}},
      trail.request_id.trace_if_any());
}

}  // namespace comments::api
