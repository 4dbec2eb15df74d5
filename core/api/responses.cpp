#include "core/api/responses.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/telemetry/log.h"
#include "core/wire/bodies.h"
#include "core/wire/error_table.h"

namespace comments::api {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};

std::string_view fault_message(int http_status) {
  switch (http_status) {
    case 400:
      return "the request is not well-formed HTTP";
    case 408:
      return "the request was not complete in time; send it again";
    case 413:
      return "the body has at most 64 KiB";
    case 414:
      return "the request target is too long";
    case 431:
      return "the request's headers are too large";
    case 503:
      return "too many connections are open; retry shortly";
    case 501:
      return "this method or transfer coding is not implemented";
    case 505:
      return "use HTTP/1.1";
    default:
      return "the server failed to answer; the request_id finds the reason in its log";
  }
}

// The value of a header that an endpoint has set; nullptr where it has not.
const std::string* stated(const net::Response& response, std::string_view name) {
  const auto header = std::find_if(response.headers.begin(), response.headers.end(),
                                   [&](const auto& each) { return each.first == name; });
  return header == response.headers.end() ? nullptr : &header->second;
}

bool is_cacheable(const net::Response& response) {
  const auto* control = stated(response, "Cache-Control");
  return (response.status == 200 || response.status == 304) && control != nullptr &&
         control->find("no-store") == std::string::npos &&
         control->find("private") == std::string::npos;
}

net::Response error_response(const Error& error, const RequestId& request_id, int http_status,
                             std::chrono::seconds retry_after) {
  if (!error.detail.empty()) {  // the one place where a failure's detail goes, and never further
    log(Severity::error, error.message, {{"detail", error.detail}, {"request_id", request_id.text}},
        request_id.trace_if_any());
  }
  const int status = http_status != 0 ? http_status : row_of(error.code).http;
  auto response = json_response(status, error_body(error.code, error.message, request_id.text));
  if (status == 503 || status == 429) {
    response.headers.emplace_back("Retry-After", fmt::format("{}", retry_after.count()));
  }
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

net::Response json_response(int status, std::string body) {
  return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

net::Response error_response(const Error& error, const RequestId& request_id, int http_status) {
  return error_response(error, request_id, http_status, kRetryAfter);
}

net::Response rate_limited_response(std::string_view whose, std::chrono::milliseconds wait,
                                    const RequestId& request_id) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
  return error_response(
      {ErrorCode::rate_limited,
       fmt::format("too many comments from this {}; come again in {} s", whose, seconds.count()),
       {}},
      request_id, 0, seconds);
}

net::Response fault_response(int http_status, const RequestId& request_id, std::string detail) {
  const Error error{error_code_of("", http_status), std::string(fault_message(http_status)),
                    std::move(detail)};
  return error_response(error, request_id, http_status);
}

void add_security_headers(net::Response& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (stated(response, kContentSecurityPolicy) == nullptr) {
    response.headers.emplace_back(kContentSecurityPolicy, "default-src 'none'");
  }
}

void add_common_headers(net::Response& response, const Asker& asker) {
  if (response.head) {
    return;
  }
  add_security_headers(response);
  // A shared cache would replay a cacheable answer's id to everyone: there, only to who sent one.
  if (!is_cacheable(response) || asker.request_id_was_sent) {
    response.headers.emplace_back("X-Request-Id", asker.request_id);
  }
}

void add_trace_header(net::Response& response, const TraceContext* trace) {
  if (trace != nullptr) {
    response.headers.emplace_back(kTraceresponse, trace_text(*trace));
  }
}

}  // namespace comments::api
