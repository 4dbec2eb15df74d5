#include "core/store/migrations.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("releases are compared by their numbers, not their letters", "[store]") {
  CHECK(compare_releases("0.9.0", "0.10.0") < 0);
  CHECK(compare_releases("1.2.3", "1.2.3") == 0);
  CHECK(compare_releases("2.0.0", "1.99.99") > 0);
  CHECK(compare_releases("1.2.3-rc1", "1.2.3") == 0);
  CHECK(compare_releases("1.2", "1.2.0") == 0);
}

}  // namespace comments::tests
