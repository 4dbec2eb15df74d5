// The log of this process: structured, one line an event.
//
// Silent until start_logging(). Safe for concurrent use, and from any thread: log() writes its line
// into a bounded backlog (log_backlog.h) and returns; a thread of its own writes them out. Never
// give it a body, an e-mail address or a secret.
#pragma once

#include <string>
#include <string_view>

#include "core/telemetry/log_backlog.h"
#include "core/telemetry/log_line.h"

namespace comments {

struct LogOptions {
  Severity least = Severity::info;
  LogFormat format = LogFormat::text;  // to standard error; json: to standard output
  std::string project = {};            // of Google Cloud, whose traces the lines name
};

// As long as it is there, lines are written; its end waits until they are (LogWriter::stop()).
class [[nodiscard]] Logging {
 public:
  explicit Logging(LogOptions options);
  ~Logging();
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;
};

// One at a time, before other threads exist.
inline Logging start_logging(LogOptions options) {
  return Logging(std::move(options));
}

bool logs(Severity severity);

// `trace`: of the request that the line is about.
void log(Severity severity, std::string_view message, LogField::Fields fields = {},
         const TraceContext* trace = nullptr);

// Since logging was started.
LogCounts log_counts();

}  // namespace comments
