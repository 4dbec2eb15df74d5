// How a line of the log is written. Pure.
//
// As JSON it is one object, as Cloud Logging reads it
// (https://cloud.google.com/logging/docs/structured-logging), whatever bytes its texts have; on a
// terminal it is text for people.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/telemetry/trace_context.h"

namespace comments {

enum class Severity { debug, info, warning, error };

inline constexpr std::size_t kSeverities = 4;

std::optional<Severity> parse_severity(std::string_view text);

// "debug", as parse_severity() takes it.
std::string_view word_of(Severity severity);

enum class LogFormat { text, json };

// A name and what it names: a value, or fields of its own: {"httpRequest", {{"status", …}, …}}. A
// field that names nothing is left out of the line. Texts and fields must outlive it: write it
// where it is used.
struct LogField {
  using Fields = std::initializer_list<LogField>;
  using Value = std::variant<std::monostate, std::string_view, std::int64_t, double, bool, Fields>;

  LogField(std::string_view field_name, Value field_value)
      : name(field_name), value(std::move(field_value)) {}
  LogField(std::string_view field_name, Fields fields) : name(field_name), value(fields) {}

  std::string_view name;
  Value value;
};

struct LogEvent {
  std::string_view time;  // its RFC 3339 form
  Severity severity = Severity::info;
  std::string_view message;
  LogField::Fields fields = {};
  const TraceContext* trace = nullptr;  // of the request that it is about
};

// A longer text in a line is cut there: Cloud Logging takes 256 KiB a line.
inline constexpr std::size_t kMaxLoggedText = 8'192;

// One line without its line feed. `project` is the one of Google Cloud whose traces these are; ""
// where there is none.
std::string log_line(LogFormat format, std::string_view project, const LogEvent& event);

}  // namespace comments
