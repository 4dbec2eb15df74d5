// Which trace a request belongs to, as its caller says: W3C Trace Context, level 1
// (https://www.w3.org/TR/trace-context/), or Google's older header
// (https://cloud.google.com/trace/docs/trace-context). Pure, and without allocations.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace comments {

struct TraceContext {
  std::array<char, 32> trace_digits{};  // lower-case hexadecimal, not all 0, like the next
  std::array<char, 16> span_digits{};   // the caller's: we record no span of our own
  bool sampled = false;                 // somebody keeps this trace

  std::string_view trace_id() const { return {trace_digits.data(), trace_digits.size()}; }
  std::string_view span_id() const { return {span_digits.data(), span_digits.size()}; }

  // A trace that begins here, sampled, at random.
  static TraceContext make();
};

inline constexpr std::string_view kTraceparent = "traceparent";
inline constexpr std::string_view kCloudTrace = "X-Cloud-Trace-Context";
inline constexpr std::string_view kTraceresponse = "traceresponse";

// "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01". Of a later version what this one has.
std::optional<TraceContext> parse_traceparent(std::string_view text);

// "0af7651916cd43dd8448eb211c80319c/13235353014750950193;o=1": the span is decimal.
std::optional<TraceContext> parse_cloud_trace(std::string_view text);

// In the form of traceparent, which is traceresponse's, too.
std::string trace_text(const TraceContext& trace);

}  // namespace comments
