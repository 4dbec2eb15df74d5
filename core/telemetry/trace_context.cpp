#include "core/telemetry/trace_context.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "core/comment/random.h"

namespace comments {
namespace {

// Where the fields are in a traceparent, and where one of version 00 ends.
constexpr std::size_t kTraceAt = 3;
constexpr std::size_t kSpanAt = 36;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kEnd = 55;

constexpr unsigned kSampled = 1;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

template <std::size_t kSize>
bool take_id(std::string_view digits, std::array<char, kSize>& id) {
  std::copy_n(digits.begin(), kSize, id.begin());
  return is_hex(digits) && digits.find_first_not_of('0') != std::string_view::npos;
}

template <std::size_t kSize>
void write_hex(std::uint64_t number, std::array<char, kSize>& digits, std::size_t at) {
  fmt::format_to_n(digits.begin() + static_cast<std::ptrdiff_t>(at), 16, "{:016x}", number);
}

std::uint64_t random_id() {
  return std::max(random_number(), std::uint64_t{1});  // 0 is none
}

// A number that is all of `text`.
std::optional<std::uint64_t> number_in(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

TraceContext TraceContext::make() {
  TraceContext trace{.sampled = true};
  write_hex(random_id(), trace.trace_digits, 0);
  write_hex(random_id(), trace.trace_digits, 16);
  write_hex(random_id(), trace.span_digits, 0);
  return trace;
}

std::optional<TraceContext> parse_traceparent(std::string_view text) {
  if (text.size() < kEnd || text[kTraceAt - 1] != '-' || text[kSpanAt - 1] != '-' ||
      text[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  const auto version = text.substr(0, 2);
  const auto flags = text.substr(kFlagsAt, 2);
  if (!is_hex(version) || version == "ff" || !is_hex(flags)) {
    return std::nullopt;
  }
  if (text.size() > kEnd && (version == "00" || text[kEnd] != '-')) {
    return std::nullopt;
  }
  TraceContext trace;
  if (!take_id(text.substr(kTraceAt, trace.trace_digits.size()), trace.trace_digits) ||
      !take_id(text.substr(kSpanAt, trace.span_digits.size()), trace.span_digits)) {
    return std::nullopt;
  }
  trace.sampled = (number_in(flags, 16).value_or(0) & kSampled) != 0;
  return trace;
}

std::optional<TraceContext> parse_cloud_trace(std::string_view text) {
  constexpr std::string_view kOptions = ";o=";
  TraceContext trace;
  const auto slash = trace.trace_digits.size();
  if (text.size() <= slash || text[slash] != '/' ||
      !take_id(text.substr(0, slash), trace.trace_digits)) {
    return std::nullopt;
  }
  const auto rest = text.substr(slash + 1);
  const auto options = rest.find(kOptions);
  const auto span = number_in(rest.substr(0, options), 10);
  if (!span || *span == 0) {
    return std::nullopt;
  }
  write_hex(*span, trace.span_digits, 0);
  if (options != std::string_view::npos) {
    const auto flags = number_in(rest.substr(options + kOptions.size()), 10);
    if (!flags) {
      return std::nullopt;
    }
    trace.sampled = (*flags & kSampled) != 0;
  }
  return trace;
}

std::string trace_text(const TraceContext& trace) {
  return fmt::format("00-{}-{}-{}", trace.trace_id(), trace.span_id(), trace.sampled ? "01" : "00");
}

}  // namespace comments
