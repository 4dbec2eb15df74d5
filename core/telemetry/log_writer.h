// The thread that writes the log, so that no other thread ever waits for whoever reads it.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "core/telemetry/log_backlog.h"

namespace comments {

// The line that tells of lines that were dropped.
using TellOfDropped = std::function<std::string(const LineCounts&)>;

// A reader that has gone (EPIPE) ends the writing; any other failure, such as a full disk, costs
// the lines that were to be written then, and is told of when there is room again.
class LogWriter {
 public:
  // Writes what comes into the backlog to the descriptor, which stays its owner's.
  LogWriter(std::shared_ptr<LogBacklog> backlog, int descriptor, TellOfDropped tell);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;
  ~LogWriter() { stop(); }

  // Takes no more lines and writes those that wait, for as long as kPatience: a log that nobody
  // reads must not keep the process from ending. What is left then is counted as dropped. Safe to
  // call twice, by one thread.
  void stop();

  static constexpr std::chrono::seconds kPatience{2};

 private:
  const std::shared_ptr<LogBacklog> backlog_;
  std::future<void> written_;
  std::thread thread_;
};

}  // namespace comments
