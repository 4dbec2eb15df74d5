#include "cli/progress.h"

#include <sstream>
#include <thread>

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

TEST_CASE("on a terminal, a bar is redrawn in place", "[cli]") {
  std::ostringstream terminal;
  Progress(terminal, true).finish({.done = 1, .fraction = 1});
  CHECK(terminal.str().starts_with("\r100 % [####"));
  CHECK(terminal.str().ends_with("\x1b[K\n"));
}

TEST_CASE("elsewhere, progress is one plain line at the end, without a bar", "[cli]") {
  std::ostringstream log;
  Progress progress(log, false);
  std::this_thread::sleep_for(std::chrono::milliseconds(110));
  progress.show({.done = 1, .fraction = 0.5});
  CHECK(log.str().empty());
  progress.finish({.done = 2, .failed = 1, .fraction = 1});
  CHECK(log.str().starts_with("2 posted, "));
  CHECK(log.str().ends_with("/s, 1 failed\n"));
}

}  // namespace comments::cli
