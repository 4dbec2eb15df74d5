// Structured logs. One line an event: readable text on a terminal, else JSON as Cloud Logging
// reads it (severity, message, time, then the fields).
//
// Silent until start_logging(). Safe for concurrent use. Never give it a body, an e-mail address
// or a secret.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace comments {

enum class Severity { debug, info, warning, error };

enum class LogFormat { text, json };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

std::optional<Severity> parse_severity(std::string_view text);

// Once, before other threads exist. Lines go to standard output (json) or standard error (text).
void start_logging(Severity least, LogFormat format);

bool logs(Severity severity);

void log(Severity severity, std::string_view message, std::initializer_list<LogField> fields = {});

// One line without its line feed, as log() writes it; `time` is its RFC 3339 form.
std::string log_line(LogFormat format, std::string_view time, Severity severity,
                     std::string_view message, std::initializer_list<LogField> fields);

}  // namespace comments
