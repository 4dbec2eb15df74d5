#include "cli/sparkline.h"

#include <vector>

#include "tests/support/catch.h"

namespace comments::cli {
namespace {

std::string line(std::vector<std::optional<double>> values) {
  return sparkline(values);
}

}  // namespace

TEST_CASE("a sparkline goes from 0 to its largest value", "[cli]") {
  CHECK(line({0, 1, 2, 3, 4, 5, 6, 7}) == "▁▂▃▄▅▆▇█");
  CHECK(line({500, 1'000}) == "▅█");
}

TEST_CASE("what is not known is a gap, and nothing but 0 is flat", "[cli]") {
  CHECK(line({7, std::nullopt, 7}) == "█ █");
  CHECK(line({0, 0}) == "▁▁");
  CHECK(line({}).empty());
}

}  // namespace comments::cli
