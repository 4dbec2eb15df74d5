#include "core/api/request_id.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>

namespace comments::api {

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

std::string new_request_id() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", random());
}

std::optional<TraceContext> trace_of(const net::Request& request) {
  if (const auto trace = parse_traceparent(request.header(kTraceparent))) {
    return trace;
  }
  return parse_cloud_trace(request.header(kCloudTrace));
}

RequestId request_id_of(const net::Request& request) {
  const auto sent = request.header("X-Request-Id");
  const bool was_sent = is_request_id(sent);
  return {was_sent ? std::string(sent) : new_request_id(), was_sent, trace_of(request)};
}

}  // namespace comments::api
