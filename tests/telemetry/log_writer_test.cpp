#include "core/telemetry/log_writer.h"

#include <array>
#include <fcntl.h>
#include <future>
#include <memory>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

class Pipe {
 public:
  Pipe() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return ends_[1]; }
  void close_writer() { ::close(std::exchange(ends_[1], -1)); }
  void close_reader() { ::close(std::exchange(ends_[0], -1)); }

  // Until something was written.
  void wait() const {
    pollfd readable{.fd = ends_[0], .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&readable, 1, 20'000) == 1);
  }

  // Up to the end; the writer's end must be closed, or about to be.
  std::string read_all() const {
    std::string text;
    std::array<char, 4'096> part{};
    for (;;) {
      const auto count = ::read(ends_[0], part.data(), part.size());
      if (count <= 0) {
        return text;
      }
      text.append(part.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::string told(const LineCounts& dropped) {
  return fmt::format("dropped {} {} {} {}", dropped[0], dropped[1], dropped[2], dropped[3]);
}

// More than a pipe holds.
constexpr std::size_t kMuch = 200'000;

// Takes all the room that info has.
void fill(LogBacklog& backlog) {
  backlog.add(Severity::info, std::string(LogBacklog::kMaxBytes / 8 * 6 - 2, 'x'));
  REQUIRE(backlog.counts().dropped == LineCounts{});
}

}  // namespace

TEST_CASE("what was logged before the end is written before the end", "[telemetry]") {
  Pipe pipe;
  const auto backlog = std::make_shared<LogBacklog>();
  LogWriter writer(backlog, pipe.writer(), told);
  std::string expected;
  for (int i = 0; i < 1'000; ++i) {
    backlog->add(Severity::info, fmt::format("line {}", i));
    expected += fmt::format("line {}\n", i);
  }
  writer.stop();
  pipe.close_writer();
  CHECK(pipe.read_all() == expected);
}

TEST_CASE("who logs is not held up by a reader who does not read, and is told what was dropped",
          "[telemetry]") {
  Pipe pipe;
  const auto backlog = std::make_shared<LogBacklog>();
  LogWriter writer(backlog, pipe.writer(), told);
  backlog->add(Severity::info, std::string(kMuch, 'a'));
  pipe.wait();  // from now on it hangs
  fill(*backlog);
  backlog->add(Severity::debug, std::string(kMuch, 'b'));
  backlog->add(Severity::error, "an error");
  std::thread stop([&] {
    writer.stop();
    pipe.close_writer();
  });
  const auto text = pipe.read_all();
  stop.join();
  CHECK(backlog->counts().dropped == LineCounts{1, 0, 0, 0});
  CHECK(text.find("bbb") == std::string::npos);
  CHECK(text.ends_with("\nan error\n" + told({1, 0, 0, 0}) + "\n"));
}

TEST_CASE("a log that nobody reads does not keep the process from ending", "[telemetry]") {
  Pipe pipe;
  const auto backlog = std::make_shared<LogBacklog>();
  const auto ended = std::make_shared<std::promise<void>>();
  std::shared_ptr<void> of_the_thread(nullptr, [ended](void* /*nothing*/) { ended->set_value(); });
  {
    LogWriter writer(
        backlog, pipe.writer(),
        [held = std::move(of_the_thread)](const LineCounts& dropped) { return told(dropped); });
    backlog->add(Severity::info, std::string(kMuch, 'a'));
    pipe.wait();
    fill(*backlog);
  }
  CHECK(backlog->counts().dropped[1] == 1);  // what waited behind
  backlog->add(Severity::error, "too late");
  CHECK(backlog->counts().dropped[3] == 1);
  pipe.close_reader();
  ended->get_future().get();  // nobody closes a descriptor under a write
}

TEST_CASE("a reader that has gone ends the writing, quietly", "[telemetry]") {
  Pipe pipe;
  pipe.close_reader();
  const auto backlog = std::make_shared<LogBacklog>();
  LogWriter writer(backlog, pipe.writer(), told);
  backlog->add(Severity::info, "to nobody");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (backlog->counts().dropped[1] == 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  backlog->add(Severity::error, "to nobody");
  CHECK(backlog->counts().written == LineCounts{0, 1, 0, 0});
  CHECK(backlog->counts().dropped == LineCounts{0, 1, 0, 1});
}

}  // namespace comments::tests
