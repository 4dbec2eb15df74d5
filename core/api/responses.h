// The forms that answers have in common.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/api/call.h"
#include "core/comment/result.h"
#include "core/net/http.h"

namespace comments::api {

net::Response json_response(int status, std::string body);

// The error's own status, or `http_status` where framing is more precise (414, 431).
net::Response error_response(const Error& error, const RequestId& request_id, int http_status = 0);

// rate_limited, with the time after which to come again.
net::Response rate_limited_response(std::string_view whose, std::chrono::milliseconds wait,
                                    const RequestId& request_id);

// What to answer when the connection stage refused the request with that HTTP status.
// `detail` is for the log.
net::Response fault_response(int http_status, const RequestId& request_id, std::string detail = {});

// Nothing of ours is a document for a browser, unless it says so: with a policy of its own.
inline constexpr std::string_view kContentSecurityPolicy = "Content-Security-Policy";
void add_security_headers(net::Response& response);

// What every answer carries, where its head is not written yet (Response::head).
void add_common_headers(net::Response& response, const Asker& asker);

// To who named a trace, its name: the form of W3C Trace Context, level 2, with the caller's span.
void add_trace_header(net::Response& response, const TraceContext* trace);

}  // namespace comments::api
