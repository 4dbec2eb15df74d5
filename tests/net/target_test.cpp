#include "core/net/target.h"

#include "tests/support/catch.h"

namespace comments::net {
namespace {

using Segments = std::vector<std::string>;

Segments segments(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed ? parsed->segments : Segments{"(refused)"};
}

}  // namespace

TEST_CASE("a path is split first and decoded then", "[net]") {
  CHECK(segments("/") == Segments{""});
  CHECK(segments("/a/b") == Segments{"a", "b"});
  CHECK(segments("/a/") == Segments{"a", ""});
  CHECK(segments("//") == Segments{"", ""});
  CHECK(segments("/a%2Fb/c%20d/+") == Segments{"a/b", "c d", "+"});
  CHECK(segments("/%00%ff") == Segments{std::string("\0\xFF", 2)});
}

TEST_CASE("a target that is no path, or badly encoded, is refused", "[net]") {
  for (const auto* target : {"", "a", "*", "/%", "/%4", "/%zz", "/a?b=%", "/a?%g0=1"}) {
    CAPTURE(target);
    CHECK_FALSE(parse_target(target));
  }
}

TEST_CASE("a query is decoded as forms write it", "[net]") {
  const auto target = parse_target("/p?a=1&b=x+y%2B&flag&&a=2&=v");
  REQUIRE(target);
  CHECK(target->parameter("a") == "1");
  CHECK(target->parameter("b") == "x y+");
  CHECK(target->parameter("flag") == "");
  CHECK(target->parameter("nothing") == std::nullopt);
  CHECK(target->query.size() == 5);
}

}  // namespace comments::net
