// The names under which one request is found in answers and logs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/net/http.h"
#include "core/telemetry/trace_context.h"

namespace comments::api {

// 1-128 characters of A-Z a-z 0-9 . _ -
bool is_request_id(std::string_view text);

// A new one: 16 hex digits, unique enough for a log.
std::string new_request_id();

// The trace that its caller says it belongs to, by the first of these headers that is one.
std::optional<TraceContext> trace_of(const net::Request& request);

struct RequestId {
  std::string text;
  bool was_sent = false;  // by the caller
  std::optional<TraceContext> trace = {};

  const TraceContext* trace_if_any() const { return trace ? &*trace : nullptr; }
};

RequestId request_id_of(const net::Request& request);

}  // namespace comments::api
