#include "cli/post_many.h"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <ostream>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/failed_lines.h"
#include "cli/progress.h"
#include "core/client/line_key.h"
#include "core/wire/draft_json.h"

namespace comments::cli {
namespace {

// Read by many threads, set by a signal's handler: lock-free, and so allowed there.
std::atomic<bool> g_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

// While one exists, SIGINT only leaves a note.
class InterruptNote {
 public:
  InterruptNote() {
    g_interrupted = false;
    before_ = std::signal(SIGINT, [](int) { g_interrupted = true; });
  }
  ~InterruptNote() { std::signal(SIGINT, before_); }
  InterruptNote(const InterruptNote&) = delete;
  InterruptNote& operator=(const InterruptNote&) = delete;

 private:
  void (*before_)(int);
};

struct Line {
  std::int64_t number = 0;
  std::string text;
};

// The job, shared by the threads that post: lines go out, outcomes come in.
class Job {
 public:
  Job(std::istream& in, std::uintmax_t size, FailedLines& failed, Progress& progress)
      : in_(in), size_(size), failed_(failed), progress_(progress) {}

  // False: there is nothing more to do. Blank lines are passed over.
  bool take(Line& line) {
    const std::lock_guard lock(mutex_);
    while (!g_interrupted && !unavailable_ && failed_.good() && std::getline(in_, line.text)) {
      line.number = ++lines_;
      read_ += line.text.size() + 1;
      if (line.text.find_first_not_of(" \t\r") != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  void report(const Line& line, const Result<Receipt>& receipt) {
    const std::lock_guard lock(mutex_);
    if (receipt) {
      ++state_.done;
    } else if (exit_code_of(receipt.error()) == ExitCode::unavailable) {
      if (!unavailable_) {
        unavailable_ = receipt.error();
      }
    } else {
      ++state_.failed;
      failed_.add(line.number, receipt.error().message, line.text);
    }
    if (size_ > 0) {
      state_.fraction = std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_));
    }
    progress_.show(state_);
  }

  // After the threads are gone.
  const Progress::State& state() const { return state_; }
  const std::optional<Error>& unavailable() const { return unavailable_; }

 private:
  std::mutex mutex_;  // guards everything below
  std::istream& in_;
  const std::uintmax_t size_;  // bytes to read; 0: unknown
  FailedLines& failed_;
  Progress& progress_;
  std::int64_t lines_ = 0;
  std::uintmax_t read_ = 0;
  Progress::State state_;
  std::optional<Error> unavailable_;
};

void work(Job& job, Comments& service) {
  for (Line line; job.take(line);) {
    auto draft = parse_draft(line.text, line_key(line.number, line.text));
    job.report(line,
               draft ? post_and_wait(service, *std::move(draft)) : Result<Receipt>(draft.error()));
  }
}

ExitCode outcome(const Job& job, const FailedLines& failed, bool json, Io& io) {
  const auto& state = job.state();
  if (json) {
    io.out << fmt::format(R"({{"failed":{},"format":1,"posted":{}}})", state.failed, state.done)
           << '\n';
  }
  if (!failed.good()) {
    io.err << fmt::format(
        "comments: the file {} cannot be written; name another with --failed, and run the command "
        "again to continue\n",
        failed.path());
    return ExitCode::failed;
  }
  if (job.unavailable()) {
    io.err << "comments: " << job.unavailable()->message
           << "\ncomments: run the same command again to continue\n";
    return ExitCode::unavailable;
  }
  if (g_interrupted) {
    io.err << "comments: interrupted; run the same command again to continue\n";
    return ExitCode::interrupted;
  }
  if (state.failed > 0) {
    io.err << fmt::format("comments: {} lines were refused; they are in {}, each with its reason\n",
                          state.failed, failed.path());
    return ExitCode::refused;
  }
  return ExitCode::ok;
}

// 0: a pipe, say, has none.
std::uintmax_t size_of(const std::string& path) {
  std::error_code unknown;
  const auto size = std::filesystem::file_size(path, unknown);
  return unknown ? 0 : size;
}

std::string failed_path(const PostManyOptions& options) {
  return !options.failed.empty() ? options.failed
         : options.from == "-"   ? "comments.failed"
                                 : options.from + ".failed";
}

// By whatever paths: writing the refused lines would lose the others. (A device loses nothing.)
void refuse_same_file(const PostManyOptions& options, const std::string& failed) {
  const std::string from = options.from == "-" ? "/dev/stdin" : options.from;
  std::error_code missing;
  if (std::filesystem::is_regular_file(failed, missing) &&
      std::filesystem::equivalent(from, failed, missing)) {
    throw UsageError(fmt::format(
        "the refused lines would replace {}, the file that is posted; name another with --failed",
        failed));
  }
}

}  // namespace

ExitCode post_many(const PostManyOptions& options, bool json, Comments& service, Io& io) {
  const bool from_stdin = options.from == "-";
  std::ifstream file;
  std::uintmax_t size = 0;
  if (!from_stdin) {
    file.open(options.from, std::ios::binary);
    std::error_code unknown;
    if (!file || std::filesystem::is_directory(options.from, unknown)) {
      throw UsageError(fmt::format("the file {} cannot be read", options.from));
    }
    size = size_of(options.from);
  }
  FailedLines failed(failed_path(options));
  refuse_same_file(options, failed.path());

  const InterruptNote note;
  Progress progress(io.err, io.err_is_terminal);
  Job job(from_stdin ? io.in : file, size, failed, progress);
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(options.concurrency));
    for (int i = 0; i < options.concurrency; ++i) {
      threads.emplace_back([&] { work(job, service); });
    }
  }
  failed.close();
  auto last = job.state();
  if (last.fraction >= 0 && !job.unavailable() && failed.good() && !g_interrupted) {
    last.fraction = 1;
  }
  progress.finish(last);
  return outcome(job, failed, json, io);
}

}  // namespace comments::cli
