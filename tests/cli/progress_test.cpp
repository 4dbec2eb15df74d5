#include "cli/progress.h"

#include <sstream>

#include "tests/support/catch.h"

namespace comments::cli {

using std::chrono::seconds;

TEST_CASE("progress shows how far, how many, how fast and how long yet", "[cli]") {
  CHECK(progress_line({.done = 500, .fraction = 0.5}, seconds(10)) ==
        " 50 % [###############               ] 500 posted, 50/s, 10 s left");
  CHECK(progress_line({.done = 1000, .failed = 3, .fraction = 1}, seconds(10)) ==
        "100 % [##############################] 1000 posted, 100/s, 3 failed");
}

TEST_CASE("where nobody knows the whole, progress counts", "[cli]") {
  CHECK(progress_line({.done = 500}, seconds(10)) == "500 posted, 50/s");
}

TEST_CASE("a bar is redrawn in place on a terminal, and is plain lines elsewhere", "[cli]") {
  std::ostringstream terminal;
  Progress(terminal, true).finish({.done = 1, .fraction = 1});
  CHECK(terminal.str().starts_with("\r"));
  CHECK(terminal.str().ends_with("\x1b[K\n"));
  std::ostringstream log;
  Progress(log, false).finish({.done = 1, .fraction = 1});
  CHECK(log.str().find_first_of("\r\x1b") == std::string::npos);
}

}  // namespace comments::cli
