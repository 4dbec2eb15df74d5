#include "core/process/child_runner.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace comments {
namespace {

using ops::Command;
using ops::LineSink;
using ops::Outcome;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostKept = std::size_t{64} * 1024 * 1024;
constexpr std::chrono::milliseconds kLook{100};  // for an interruption, and for what it says
constexpr std::chrono::seconds kGrace{20};

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() {
    if (is_open()) {
      ::close(std::exchange(number_, -1));
    }
  }

 private:
  int number_ = -1;
};

struct Ends {
  Descriptor ours;
  Descriptor childs;
};

// For a child's input. Of a socket, not a pipe: writing to a child that has gone is an error then,
// not a signal.
Ends stream() {
  int pair[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return {};
  }
  ::fcntl(pair[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(pair[0]), Descriptor(pair[1])};
}

// For a child's output: a file in memory, which is there for the child to write to when we are not
// there any more to read. At a closed pipe terraform would end in the middle of what it changes,
// its state unsaved and locked.
Descriptor output() {
  return Descriptor(::memfd_create("output", MFD_CLOEXEC));
}

class Environment {
 public:
  explicit Environment(const Command& command) {
    std::map<std::string, std::string> values;
    for (auto** entry = environ; *entry != nullptr; ++entry) {
      const std::string text(*entry);
      const auto mark = text.find('=');
      values[text.substr(0, mark)] = mark == std::string::npos ? "" : text.substr(mark + 1);
    }
    for (const auto& [name, value] : command.environment) {
      values[name] = value;
    }
    texts_.reserve(values.size());
    for (const auto& [name, value] : values) {
      texts_.push_back(fmt::format("{}={}", name, value));
    }
    pointers_.reserve(texts_.size() + 1);
    for (auto& text : texts_) {
      pointers_.push_back(text.data());
    }
    pointers_.push_back(nullptr);
  }

  char** pointers() { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

// 0, or the error's number.
int spawn(const Command& command, const Ends& in, int out, int err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in.childs.is_open()) {
    posix_spawn_file_actions_adddup2(&actions, in.childs.number(), STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);  // ours may be blocked for a thread that waits
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  auto words = command.words;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  Environment environment(command);
  const auto fault = posix_spawnp(&pid, pointers.front(), &actions, &attributes, pointers.data(),
                                  environment.pointers());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return fault;
}

// One stream of the child's output, kept and told on line by line.
class Reading {
 public:
  Reading(std::string& kept, LineSink on_line) : kept_(kept), on_line_(std::move(on_line)) {}

  int number() const { return file_.number(); }

  // All that is there now. The file's own position is the child's.
  void read() {
    char bytes[16 * 1024];
    const auto before = read_;
    for (;;) {
      const auto size = ::pread(file_.number(), bytes, sizeof bytes, read_);
      if (size <= 0) {
        break;
      }
      take({bytes, static_cast<std::size_t>(size)});
      read_ += size;
    }
    if (read_ > before) {  // what was read need not stay in memory
      ::fallocate(file_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, read_);
    }
  }

  void finish() {
    if (on_line_ && !line_.empty()) {
      on_line_(std::exchange(line_, {}));
    }
  }

 private:
  void take(std::string_view bytes) {
    kept_.append(bytes.substr(0, kMostKept - std::min(kMostKept, kept_.size())));
    if (!on_line_) {
      return;
    }
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
      line_.append(bytes.substr(0, end));
      on_line_(std::exchange(line_, {}));
      bytes.remove_prefix(end + 1);
    }
    line_.append(bytes);
  }

  const Descriptor file_ = output();
  off_t read_ = 0;
  std::string& kept_;
  const LineSink on_line_;
  std::string line_;
};

class Child {
 public:
  Child(const Command& command, const LineSink& on_line, const Interruption& interruption)
      : command_(command),
        interruption_(interruption),
        since_(interruption.now()),
        end_(Steady::now() + command.deadline),
        out_(outcome_.out, on_line),
        err_(outcome_.err, {}) {
    auto in = command.input ? stream() : Ends();
    fault_ = out_.number() >= 0 && err_.number() >= 0
                 ? spawn(command, in, out_.number(), err_.number(), pid_)
                 : errno;
    in_ = std::move(in.ours);
  }

  Outcome wait() {
    if (fault_ != 0) {
      outcome_.end = Outcome::End::not_started;
      outcome_.err = fault_ == ENOENT
                         ? fmt::format("there is no program {} on PATH", command_.words.front())
                         : std::generic_category().message(fault_);
      return std::move(outcome_);
    }
    const Descriptor exit(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    while (!has_ended(exit)) {
      end_if_due();
    }
    out_.read();  // what it left behind; a grandchild may still write
    err_.read();
    out_.finish();
    reap();
    return std::move(outcome_);
  }

 private:
  bool has_ended(const Descriptor& exit) {
    pollfd events[2] = {{exit.number(), POLLIN, 0},
                        {in_.number(), POLLOUT, 0}};  // poll passes over what is closed
    ::poll(events, 2, static_cast<int>(kLook.count()));
    out_.read();
    err_.read();
    feed();
    return (events[0].revents & POLLIN) != 0;
  }

  void feed() {
    if (!in_.is_open()) {
      return;
    }
    const auto left = std::string_view(*command_.input).substr(fed_);
    const auto size = ::send(in_.number(), left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    fed_ += size > 0 ? static_cast<std::size_t>(size) : 0;
    const bool refused = size < 0 && errno != EAGAIN && errno != EINTR;
    if (refused || fed_ == command_.input->size()) {
      in_.close();
    }
  }

  void end_if_due() {
    if (outcome_.end == Outcome::End::exited) {
      if (interruption_.pending(since_)) {
        end(Outcome::End::interrupted, SIGINT);
      } else if (Steady::now() >= end_) {
        end(Outcome::End::deadline, SIGTERM);
      }
    } else if (Steady::now() >= end_) {
      ::kill(-pid_, SIGKILL);
    }
  }

  void end(Outcome::End why, int signal) {
    outcome_.end = why;
    end_ = Steady::now() + kGrace;
    ::kill(-pid_, signal);
  }

  void reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
      constexpr int kOfSignals = 128;
      outcome_.exit_code = kOfSignals + WTERMSIG(status);
      outcome_.end = outcome_.end == Outcome::End::exited ? Outcome::End::signalled : outcome_.end;
    } else {
      outcome_.exit_code = WEXITSTATUS(status);
    }
  }

  const Command& command_;
  const Interruption& interruption_;
  const int since_;
  Steady::time_point end_;
  pid_t pid_ = -1;
  int fault_ = 0;
  Outcome outcome_;
  Descriptor in_;
  std::size_t fed_ = 0;
  Reading out_;
  Reading err_;
};

class ChildRunner : public ops::Runner {
 public:
  explicit ChildRunner(Interruption& interruption) : interruption_(interruption) {}

  Outcome run(const Command& command, const LineSink& on_line) override {
    if (interruption_.pending(interruption_.now())) {
      interruption_.meet();
      return {.end = Outcome::End::interrupted, .out = {}, .err = {}};
    }
    auto outcome = Child(command, on_line, interruption_).wait();
    if (outcome.end == Outcome::End::interrupted) {
      interruption_.meet();
    }
    return outcome;
  }

  bool is_running(int process) override { return ::kill(process, 0) == 0 || errno == EPERM; }

 private:
  Interruption& interruption_;
};

}  // namespace

std::unique_ptr<ops::Runner> make_child_runner(Interruption& interruption) {
  return std::make_unique<ChildRunner>(interruption);
}

}  // namespace comments
