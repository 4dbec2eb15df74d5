#include "cli/output.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <ostream>
#include <unistd.h>

#include "tests/support/catch.h"

namespace comments::cli {

TEST_CASE("what is written arrives, however long", "[cli]") {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  std::string arrived(3, '\0');
  {
    Output output(pipe[1]);
    std::ostream stream(&output);
    stream << "a" << std::flush << "bc";
  }
  CHECK(::read(pipe[0], arrived.data(), 3) == 3);
  CHECK(arrived == "abc");
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("a full device is remembered as the reason, whatever is written after it", "[cli]") {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  Output output(full);
  std::ostream stream(&output);
  CHECK(stream << "kept for later");
  CHECK(output.error() == 0);
  CHECK_FALSE(stream << std::string(100'000, 'x'));
  stream.clear();
  errno = EINTR;
  CHECK_FALSE(stream << "more" << std::flush);
  CHECK(output.error() == ENOSPC);
  ::close(full);
}

TEST_CASE("a reader that has gone is its own reason", "[cli]") {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  ::close(pipe[0]);
  Output output(pipe[1]);
  std::ostream stream(&output);
  CHECK_FALSE(stream << "text" << std::flush);
  CHECK(output.error() == EPIPE);
  ::close(pipe[1]);
}

}  // namespace comments::cli
