#include "core/client/line_key.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("a line's key is the SHA-256 of its number and text", "[client]") {
  // printf '1:hello' | sha256sum
  CHECK(line_key(1, "hello") == "d31abf1447e6ea1ddaa9ef1d77a5cd3e1fec04608a72cbcd86b63dd112d71147");
  CHECK(line_key(1, "hello") != line_key(2, "hello"));
  CHECK(line_key(1, "hello") != line_key(1, "hello "));
}

}  // namespace comments::tests
