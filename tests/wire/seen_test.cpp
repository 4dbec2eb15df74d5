#include "core/wire/seen.h"

#include "tests/support/catch.h"

namespace comments {

TEST_CASE("how much a client has seen is a number, or nothing", "[wire]") {
  CHECK(parse_seen("42") == 42);
  CHECK(parse_seen("9223372036854775807") == 9'223'372'036'854'775'807);
  for (const auto* bad : {"", "0", "-1", "4 2", "42x", " 42", "0x2a", "9223372036854775808"}) {
    CAPTURE(bad);
    CHECK(parse_seen(bad) == 0);
  }
}

}  // namespace comments
