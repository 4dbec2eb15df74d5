// Lines of the log that wait to be written: so many bytes of them, and no more.
//
// Whoever logs is never made to wait for whoever reads: it appends to a text, under a lock that
// nobody holds for longer than that takes, or its line is dropped and counted. As the room gets
// scarce, what matters least goes first.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "core/telemetry/log_line.h"

namespace comments {

// How many lines, by severity.
using LineCounts = std::array<std::uint64_t, kSeverities>;

struct LogCounts {
  LineCounts written{};  // taken, to be written
  LineCounts dropped{};  // for want of room, or because they could not be written
};

// Safe for concurrent use.
class LogBacklog {
 public:
  // About 12,000 lines of a request each; as much again may be under way. Room that was never
  // needed is never touched. There is no bound by lines: a line has no cost beside its text.
  static constexpr std::size_t kMaxBytes = std::size_t{4} * 1024 * 1024;

  // Lines that follow each other faster than that are taken together: waking the writer costs more
  // than adding a line.
  static constexpr std::chrono::milliseconds kGather{5};

  explicit LogBacklog(std::size_t max_bytes = kMaxBytes);

  // Takes a line, without its line feed; or drops it. Debug and info have three quarters of the
  // room, warnings seven eighths, errors all of it.
  void add(Severity severity, std::string_view line);

  // What has come since the last take().
  struct Batch {
    std::string text;      // each line with its line feed
    LineCounts lines{};    // in it
    LineCounts dropped{};  // lost so far, and nobody was told
  };

  // Waits for a line; false: closed, and everything was taken. Give it the last batch again: two
  // texts take turns.
  bool take(Batch& batch);

  // This batch could not be written: it is counted as dropped, as a whole, and to be told of.
  void lose(const Batch& batch);

  // From now on every line is dropped; those that wait can be taken.
  void close();

  LogCounts counts() const;

 private:
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  Batch waiting_;
  LogCounts counts_;
  bool idle_ = false;  // take() waits for the first line
  bool closed_ = false;
};

}  // namespace comments
