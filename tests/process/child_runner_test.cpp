#include "core/process/child_runner.h"

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace comments {
namespace {

using ops::Command;
using ops::Outcome;
using std::chrono::seconds;

class Children {
 public:
  Outcome run(const Command& command, const ops::LineSink& on_line = {}) {
    return runner_->run(command, on_line);
  }
  Outcome shell(const std::string& script, seconds deadline = seconds(60)) {
    return run({.words = {"sh", "-c", script}, .deadline = deadline});
  }
  void interrupt() { interruption_.request(); }
  bool is_running(int process) { return runner_->is_running(process); }

 private:
  Interruption interruption_;
  std::unique_ptr<ops::Runner> runner_ = make_child_runner(interruption_);
};

TEST_CASE("what a child says and how it ends is known", "[process]") {
  Children children;
  const auto outcome = children.shell("echo out; echo err >&2; exit 3");
  CHECK(outcome.end == Outcome::End::exited);
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out == "out\n");
  CHECK(outcome.err == "err\n");
  CHECK(children.shell("kill -KILL $$").end == Outcome::End::signalled);
  CHECK(children.shell("kill -KILL $$").exit_code == 137);
}

TEST_CASE("a program that there is not is said so", "[process]") {
  const auto outcome = Children().run({.words = {"no-such-program"}});
  CHECK(outcome.end == Outcome::End::not_started);
  CHECK(outcome.err.find("no-such-program") != std::string::npos);
}

TEST_CASE("no word goes through a shell", "[process]") {
  const std::string word = "$(touch x) `y` \"z\" *; rm";
  CHECK(Children().run({.words = {"printf", "%s", word}}).out == word);
}

TEST_CASE("a child reads what it is given, or nothing", "[process]") {
  Children children;
  const std::string much(std::size_t{3} << 20U, 'x');
  CHECK(children.run({.words = {"cat"}, .input = much}).out == much);
  CHECK(children.run({.words = {"cat"}}).out.empty());
  CHECK(children.run({.words = {"true"}, .input = much}).ok());  // who does not read is no fault
}

TEST_CASE("much on both streams at once is no deadlock", "[process]") {
  const auto outcome = Children().shell(
      "head -c 2000000 /dev/zero; head -c 2000000 /dev/zero >&2; head -c 2000000 /dev/zero");
  CHECK(outcome.out.size() == 4'000'000);
  CHECK(outcome.err.size() == 2'000'000);
}

TEST_CASE("lines are told as they come, the last one without its end, too", "[process]") {
  std::vector<std::string> lines;
  Children().run({.words = {"printf", "a\\nbb\\n\\nc"}},
                 [&](std::string_view line) { lines.emplace_back(line); });
  CHECK(lines == std::vector<std::string>{"a", "bb", "", "c"});
}

TEST_CASE("a command's environment is added to ours", "[process]") {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread is there yet
  ::setenv("COMMENTS_TEST_OURS", "1", 1);
  const auto outcome = Children().run(
      {.words = {"sh", "-c", "echo $COMMENTS_TEST_OURS$ADDED"}, .environment = {{"ADDED", "2"}}});
  CHECK(outcome.out == "12\n");
}

TEST_CASE("at its deadline a child is ended, its own children too", "[process]") {
  Children children;
  const auto outcome = children.shell("sleep 1000 & echo $!; wait", seconds(1));
  CHECK(outcome.end == Outcome::End::deadline);
  const auto grandchild = std::stoi(outcome.out);
  while (children.is_running(grandchild)) {  // init reaps it
    std::this_thread::yield();
  }
}

TEST_CASE("a grandchild that holds the output open keeps nobody waiting", "[process]") {
  const auto outcome = Children().shell("sleep 1000 & echo $!");
  CHECK(outcome.ok());
  ::kill(std::stoi(outcome.out), SIGKILL);
}

TEST_CASE("an interruption ends the child that runs, and no later one", "[process]") {
  Children children;
  tests::TempFolder folder;
  const auto ready = folder.file("ready");
  std::thread person([&] {
    while (::access(ready.c_str(), F_OK) != 0) {
      std::this_thread::yield();
    }
    children.interrupt();
  });
  const auto outcome =
      children.shell("trap 'echo saved; exit 1' INT; touch " + ready + "; sleep 1000 & wait");
  person.join();
  CHECK(outcome.end == Outcome::End::interrupted);
  CHECK(outcome.out == "saved\n");  // it had the time to
  CHECK(children.shell("echo undone").out == "undone\n");
}

TEST_CASE("an interruption between two children is met by the next", "[process]") {
  Children children;
  children.interrupt();
  CHECK(children.shell("echo no").end == Outcome::End::interrupted);
  CHECK(children.shell("echo yes").ok());
}

TEST_CASE("a child goes on, and may speak, when whoever started it was killed", "[process]") {
  tests::TempFolder folder;
  const auto ready = folder.file("ready");
  const auto go = folder.file("go");
  const auto done = folder.file("done");
  const auto is_there = [](const std::string& file) { return ::access(file.c_str(), F_OK) == 0; };
  const auto parent = ::fork();
  if (parent == 0) {
    Children().shell("touch " + ready + "; while [ ! -e " + go + " ]; do sleep 0.01; done; " +
                     "echo more; echo more >&2; touch " + done);
    ::_exit(0);
  }
  while (!is_there(ready)) {
    std::this_thread::yield();
  }
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  Children().shell("touch " + go);
  CHECK(Children().shell("while [ ! -e " + done + " ]; do sleep 0.01; done", seconds(20)).ok());
}

TEST_CASE("whether a process runs is known", "[process]") {
  Children children;
  CHECK(children.is_running(::getpid()));
  const auto gone = std::stoi(children.shell("echo $$").out);
  CHECK_FALSE(children.is_running(gone));
}

}  // namespace
}  // namespace comments
