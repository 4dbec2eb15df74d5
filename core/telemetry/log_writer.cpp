#include "core/telemetry/log_writer.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pthread.h>
#include <string_view>
#include <unistd.h>

namespace comments {
namespace {

// How much of the text was written; where that is not all, errno says why.
std::size_t write_all(int descriptor, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {  // somebody has made it non-blocking: it may not be ours alone
      pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  return written;
}

// A write to a pipe without a reader is met as EPIPE.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void write_log(LogBacklog& backlog, int descriptor, const TellOfDropped& tell) {
  block_sigpipe();
  LogBacklog::Batch batch;
  bool torn = false;  // the last thing that was written is the beginning of a line
  while (backlog.take(batch)) {
    if (batch.dropped != LineCounts{}) {
      batch.text.append(tell(batch.dropped)) += '\n';
    }
    if (torn) {
      batch.text.insert(0, 1, '\n');
    }
    const auto written = write_all(descriptor, batch.text);
    if (written == batch.text.size()) {
      torn = false;
      continue;
    }
    if (errno == EPIPE) {
      backlog.close();
    }
    torn = written == 0 ? torn : batch.text[written - 1] != '\n';
    backlog.lose(batch);
  }
}

}  // namespace

LogWriter::LogWriter(std::shared_ptr<LogBacklog> backlog, int descriptor, TellOfDropped tell)
    : backlog_(std::move(backlog)) {
  std::packaged_task<void()> task([backlog = backlog_, descriptor, tell = std::move(tell)] {
    write_log(*backlog, descriptor, tell);
  });
  written_ = task.get_future();
  thread_ = std::thread(std::move(task));
}

void LogWriter::stop() {
  if (!thread_.joinable()) {
    return;
  }
  backlog_->close();
  if (written_.wait_for(kPatience) == std::future_status::ready) {
    thread_.join();
    return;
  }
  // It is in write(2), for as long as nobody reads. All that it uses is its own.
  thread_.detach();
  LogBacklog::Batch left;
  backlog_->take(left);
  backlog_->lose(left);
}

}  // namespace comments
