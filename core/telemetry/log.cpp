#include "core/telemetry/log.h"

#include <atomic>
#include <unistd.h>

#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>

#include "core/comment/clock.h"
#include "core/telemetry/log_writer.h"
#include "core/wire/timestamp_text.h"

namespace comments {
namespace {

constexpr std::array<spdlog::level::level_enum, kSeverities> kLevels{
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

spdlog::level::level_enum level_of(Severity severity) {
  return kLevels[static_cast<std::size_t>(severity)];
}

Severity severity_of(spdlog::level::level_enum level) {
  return static_cast<Severity>(level - kLevels.front());
}

// Where spdlog's lines go: without a lock or a pattern of its own. A line is complete before spdlog
// sees it; a pattern that spells JSON breaks at the first quote in a message.
class BacklogSink final : public spdlog::sinks::sink {
 public:
  explicit BacklogSink(std::shared_ptr<LogBacklog> backlog) : backlog_(std::move(backlog)) {}

  void log(const spdlog::details::log_msg& message) override {
    backlog_->add(severity_of(message.level), {message.payload.data(), message.payload.size()});
  }
  void flush() override {}
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

 private:
  const std::shared_ptr<LogBacklog> backlog_;
};

std::string line_of(const LogOptions& options, Severity severity, std::string_view message,
                    LogField::Fields fields, const TraceContext* trace = nullptr) {
  const auto time = timestamp_text(system_now());
  return log_line(options.format, options.project, {time, severity, message, fields, trace});
}

std::string line_of_dropped(const LogOptions& options, const LineCounts& dropped) {
  const auto count = [&](Severity severity) {
    return static_cast<std::int64_t>(dropped[static_cast<std::size_t>(severity)]);
  };
  return line_of(options, Severity::warning, "lines of this log were dropped",
                 {{"debug", count(Severity::debug)},
                  {"info", count(Severity::info)},
                  {"warning", count(Severity::warning)},
                  {"error", count(Severity::error)}});
}

class Log {
 public:
  explicit Log(LogOptions options) : options_(std::move(options)) {
    logger_.set_level(level_of(options_.least));
  }

  bool takes(Severity severity) const { return logger_.should_log(level_of(severity)); }

  void add(Severity severity, std::string_view message, LogField::Fields fields,
           const TraceContext* trace) {
    const auto line = line_of(options_, severity, message, fields, trace);
    logger_.log(level_of(severity), spdlog::string_view_t(line.data(), line.size()));
  }

  LogCounts counts() const { return backlog_->counts(); }

  void stop() { writer_.stop(); }

 private:
  const LogOptions options_;
  const std::shared_ptr<LogBacklog> backlog_ = std::make_shared<LogBacklog>();
  spdlog::logger logger_{"comments", std::make_shared<BacklogSink>(backlog_)};
  LogWriter writer_{backlog_, options_.format == LogFormat::json ? STDOUT_FILENO : STDERR_FILENO,
                    [options = options_](const LineCounts& dropped) {
                      return line_of_dropped(options, dropped);
                    }};
};

// Never destroyed before the process is, so that whoever logs late, or ends the process from
// anywhere, finds it there; only replaced by the next one.
std::atomic<Log*> g_log = nullptr;

}  // namespace

Logging::Logging(LogOptions options) {
  delete g_log.exchange(new Log(std::move(options)));
}

Logging::~Logging() {
  g_log.load()->stop();
}

bool logs(Severity severity) {
  const auto* log = g_log.load(std::memory_order_acquire);
  return log != nullptr && log->takes(severity);
}

void log(Severity severity, std::string_view message, LogField::Fields fields,
         const TraceContext* trace) {
  if (logs(severity)) {
    g_log.load(std::memory_order_acquire)->add(severity, message, fields, trace);
  }
}

LogCounts log_counts() {
  const auto* log = g_log.load(std::memory_order_acquire);
  return log != nullptr ? log->counts() : LogCounts{};
}

}  // namespace comments
