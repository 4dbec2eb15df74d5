#include "core/telemetry/log.h"

#include <array>
#include <atomic>
#include <iterator>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/comment/clock.h"
#include "core/wire/json_text.h"
#include "core/wire/timestamp_text.h"

namespace comments {
namespace {

struct Name {
  Severity severity;
  std::string_view option;  // as --log-level takes it
  std::string_view json;    // as Cloud Logging calls it
  spdlog::level::level_enum level;
};

constexpr std::array kNames{
    Name{Severity::debug, "debug", "DEBUG", spdlog::level::debug},
    Name{Severity::info, "info", "INFO", spdlog::level::info},
    Name{Severity::warning, "warning", "WARNING", spdlog::level::warn},
    Name{Severity::error, "error", "ERROR", spdlog::level::err},
};

const Name& name_of(Severity severity) {
  return kNames[static_cast<std::size_t>(severity)];
}

std::atomic<bool> g_started = false;
std::atomic<LogFormat> g_format = LogFormat::text;

void append_json_value(std::string& line, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    append_json_string(line, *text);
    return;
  }
  std::visit([&](auto value) { fmt::format_to(std::back_inserter(line), "{}", value); },
             field.value);
}

}  // namespace

std::optional<Severity> parse_severity(std::string_view text) {
  for (const auto& name : kNames) {
    if (name.option == text) {
      return name.severity;
    }
  }
  return std::nullopt;
}

void start_logging(Severity least, LogFormat format) {
  auto sink = format == LogFormat::json
                  ? spdlog::sink_ptr(std::make_shared<spdlog::sinks::stdout_sink_mt>())
                  : spdlog::sink_ptr(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto logger = std::make_shared<spdlog::logger>("comments", std::move(sink));
  logger->set_pattern("%v");  // a line is complete before spdlog sees it: a pattern that spells
                              // JSON breaks at the first quote in a message
  logger->set_level(name_of(least).level);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
  g_format = format;
  g_started = true;
}

bool logs(Severity severity) {
  return g_started && spdlog::should_log(name_of(severity).level);
}

void log(Severity severity, std::string_view message, std::initializer_list<LogField> fields) {
  if (logs(severity)) {
    const auto line = log_line(g_format, timestamp_text(system_now()), severity, message, fields);
    spdlog::log(name_of(severity).level, spdlog::string_view_t(line.data(), line.size()));
  }
}

std::string log_line(LogFormat format, std::string_view time, Severity severity,
                     std::string_view message, std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::text) {
    line = fmt::format("{} {:7} {}", time.substr(11, 12), name_of(severity).option, message);
    for (const auto& field : fields) {
      fmt::format_to(std::back_inserter(line), "  {}=", field.name);
      append_json_value(line, field);
    }
    return line;
  }
  line = fmt::format(R"({{"severity":"{}","message":)", name_of(severity).json);
  append_json_string(line, message);
  fmt::format_to(std::back_inserter(line), R"(,"time":"{}")", time);
  for (const auto& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_json_value(line, field);
  }
  line += '}';
  return line;
}

}  // namespace comments
