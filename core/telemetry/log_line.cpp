#include "core/telemetry/log_line.h"

#include <array>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/wire/json_text.h"

namespace comments {
namespace {

struct Name {
  std::string_view word;
  std::string_view json;  // as Cloud Logging calls it
};

constexpr std::array<Name, kSeverities> kNames{{
    {"debug", "DEBUG"},
    {"info", "INFO"},
    {"warning", "WARNING"},
    {"error", "ERROR"},
}};

const Name& name_of(Severity severity) {
  return kNames[static_cast<std::size_t>(severity)];
}

void append_text(std::string& line, std::string_view text) {
  append_json_string(line, text.substr(0, kMaxLoggedText));
  if (text.size() > kMaxLoggedText) {
    line.insert(line.size() - 1, R"(\u2026)");
  }
}

void append_fields(std::string& line, LogField::Fields fields);

struct AppendJson {
  std::string& line;

  void operator()(std::monostate) const { line += "null"; }
  void operator()(std::string_view text) const { append_text(line, text); }
  void operator()(bool value) const { line += value ? "true" : "false"; }
  void operator()(std::int64_t number) const {
    fmt::format_to(std::back_inserter(line), "{}", number);
  }
  void operator()(double number) const { fmt::format_to(std::back_inserter(line), "{}", number); }
  void operator()(LogField::Fields fields) const {
    line += '{';
    append_fields(line, fields);
    line += '}';
  }
};

// A comma first, unless it is the first of its object.
void append_field(std::string& line, const LogField& field) {
  if (std::holds_alternative<std::monostate>(field.value)) {
    return;
  }
  if (line.back() != '{') {
    line += ',';
  }
  append_json_string(line, field.name);
  line += ':';
  const auto* number = std::get_if<double>(&field.value);
  if (number != nullptr && !std::isfinite(*number)) {  // JSON has no word for it
    line += "null";
  } else {
    std::visit(AppendJson{line}, field.value);
  }
}

void append_fields(std::string& line, LogField::Fields fields) {
  for (const auto& field : fields) {
    append_field(line, field);
  }
}

// The fields of an object as if they were the line's own.
void append_for_people(std::string& line, LogField::Fields fields) {
  for (const auto& field : fields) {
    if (const auto* inner = std::get_if<LogField::Fields>(&field.value)) {
      append_for_people(line, *inner);
    } else if (!std::holds_alternative<std::monostate>(field.value)) {
      fmt::format_to(std::back_inserter(line), "  {}=", field.name);
      std::visit(AppendJson{line}, field.value);
    }
  }
}

std::string for_people(const LogEvent& event) {
  auto line =
      fmt::format("{} {:7} {}", event.time.substr(11, 12), word_of(event.severity), event.message);
  append_for_people(line, event.fields);
  if (event.trace != nullptr) {
    append_for_people(line, {{"trace", event.trace->trace_id()}});
  }
  return line;
}

}  // namespace

std::optional<Severity> parse_severity(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i].word == text) {
      return static_cast<Severity>(i);
    }
  }
  return std::nullopt;
}

std::string_view word_of(Severity severity) {
  return name_of(severity).word;
}

std::string log_line(LogFormat format, std::string_view project, const LogEvent& event) {
  if (format == LogFormat::text) {
    return for_people(event);
  }
  std::string line;
  line.reserve(512);
  line += '{';
  append_fields(line, {{"severity", name_of(event.severity).json},
                       {"message", event.message},
                       {"time", event.time}});
  append_fields(line, event.fields);
  if (event.trace != nullptr) {
    const auto id = event.trace->trace_id();
    const auto name =
        project.empty() ? std::string(id) : fmt::format("projects/{}/traces/{}", project, id);
    append_fields(line, {{"logging.googleapis.com/trace", std::string_view(name)},
                         {"logging.googleapis.com/spanId", event.trace->span_id()},
                         {"logging.googleapis.com/trace_sampled", event.trace->sampled}});
  }
  line += '}';
  return line;
}

}  // namespace comments
