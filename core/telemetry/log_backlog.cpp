#include "core/telemetry/log_backlog.h"

#include <utility>

namespace comments {
namespace {

// In eighths of the room.
constexpr std::array<std::size_t, kSeverities> kShares{6, 6, 7, 8};

void add_to(LineCounts& sum, const LineCounts& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += more[i];
  }
}

}  // namespace

LogBacklog::LogBacklog(std::size_t max_bytes) : max_bytes_(max_bytes) {
  waiting_.text.reserve(max_bytes_);
}

void LogBacklog::add(Severity severity, std::string_view line) {
  const auto i = static_cast<std::size_t>(severity);
  const std::unique_lock lock(mutex_);
  if (closed_ || waiting_.text.size() + line.size() >= max_bytes_ / 8 * kShares[i]) {
    ++counts_.dropped[i];
    ++waiting_.dropped[i];
    return;
  }
  waiting_.text.append(line) += '\n';
  ++waiting_.lines[i];
  ++counts_.written[i];
  if (std::exchange(idle_, false)) {
    changed_.notify_one();
  }
}

bool LogBacklog::take(Batch& batch) {
  const bool again = !batch.text.empty();
  batch.text.clear();
  batch.text.reserve(max_bytes_);  // for the lines that will be waiting in it
  batch.lines = batch.dropped = {};
  std::unique_lock lock(mutex_);
  if (again) {
    changed_.wait_for(lock, kGather, [this] { return closed_; });
  }
  idle_ = waiting_.text.empty();
  changed_.wait(lock, [this] { return closed_ || !waiting_.text.empty(); });
  std::swap(batch, waiting_);
  return !batch.text.empty();
}

void LogBacklog::lose(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  add_to(counts_.dropped, batch.lines);
  add_to(waiting_.dropped, batch.lines);
  add_to(waiting_.dropped, batch.dropped);
}

void LogBacklog::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_one();
}

LogCounts LogBacklog::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace comments
