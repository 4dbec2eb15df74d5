// A screen that is drawn again and again, and gives the terminal back as it was.
#pragma once

#include <iosfwd>
#include <string_view>

namespace comments::cli {

// While one exists, SIGINT and SIGTERM end the process with ExitCode::interrupted; on a terminal,
// frames are drawn over each other on its second screen, and whatever ends or stops the command
// (Ctrl-Z, too) brings back the first one, with its cursor. On something else than a terminal,
// frames follow each other. One at a time.
class LiveScreen {
 public:
  // `out` is standard output, and stays the caller's.
  LiveScreen(std::ostream& out, bool is_terminal);
  ~LiveScreen();
  LiveScreen(const LiveScreen&) = delete;
  LiveScreen& operator=(const LiveScreen&) = delete;

  // `frame`: whole lines; on a terminal, what is too long for it is cut.
  void draw(std::string_view frame);

 private:
  std::ostream& out_;
  const bool is_terminal_;
};

}  // namespace comments::cli
