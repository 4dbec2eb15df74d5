// Writing an answer as HTTP/1.1 (RFC 9112). Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/net/http.h"

namespace comments::net {

// What the connection adds to an answer.
struct Delivery {
  std::string_view date;   // http_date()
  bool head_only = false;  // a HEAD request: everything but the body
  bool http_1_0 = false;   // the request's version
  bool keep_alive = true;  // false: this is the connection's last answer
};

// Status line and fields, with Content-Length where the answer has a length: all that can be
// written once for an answer that is sent many times (Response::head).
std::string head_text(const Response& response);

// Appends the head with everything it needs, the empty line included; not the body.
void append_head(std::string& out, const Response& response, const Delivery& delivery);

// Whether bytes of the body follow the head.
bool sends_body(const Response& response, const Delivery& delivery);

// "Tue, 24 Nov 2026 08:12:31 GMT"
std::string http_date(std::int64_t unix_seconds);

}  // namespace comments::net
