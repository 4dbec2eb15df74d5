#include "cli/live_screen.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <string>
#include <unistd.h>

#include "cli/exit_code.h"

namespace comments::cli {
namespace {

// The second screen, no cursor, no wrapping of long lines; and all of that undone (xterm's private
// modes, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

// Read by signal handlers: lock-free, and so allowed there.
std::atomic<bool> g_on_second_screen = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void switch_screens(std::string_view sequence) {
  if (g_on_second_screen) {
    [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, sequence.data(), sequence.size());
  }
}

void end_at_once(int) {
  switch_screens(kLeave);
  ::_exit(static_cast<int>(ExitCode::interrupted));
}

void pause(int) {
  const int before = errno;
  switch_screens(kLeave);
  ::raise(SIGSTOP);  // and here it goes on after `fg`
  switch_screens(kEnter);
  errno = before;
}

void on(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

LiveScreen::LiveScreen(std::ostream& out, bool is_terminal) : out_(out), is_terminal_(is_terminal) {
  g_on_second_screen = is_terminal_;
  on(SIGINT, end_at_once);
  on(SIGTERM, end_at_once);
  on(SIGTSTP, pause);
  if (is_terminal_) {
    out_ << kEnter << std::flush;
  }
}

LiveScreen::~LiveScreen() {
  for (const int signal : {SIGINT, SIGTERM, SIGTSTP}) {
    on(signal, SIG_DFL);
  }
  g_on_second_screen = false;
  if (is_terminal_) {
    out_ << kLeave << std::flush;
  }
}

void LiveScreen::draw(std::string_view frame) {
  if (!is_terminal_) {
    out_ << frame << std::flush;
    return;
  }
  std::string text = "\x1b[H";  // from the top left
  for (const char c : frame) {
    text += c == '\n' ? "\x1b[K\n" : std::string(1, c);  // what a longer line has left is cleared
  }
  out_ << text << "\x1b[J" << std::flush;
}

}  // namespace comments::cli
