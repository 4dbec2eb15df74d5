#include "core/wire/etag.h"

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

constexpr Version kVersion7{0xABC, 7};
constexpr Presentation kSeed{View::seed, EmailVisibility::raw};

}  // namespace

TEST_CASE("a tag names store, version and presentation", "[wire]") {
  CHECK(etag_text(kVersion7, kSeed) == R"("0000000000000abc-7")");
  CHECK(etag_text(kVersion7, {View::full, EmailVisibility::raw}) == R"("0000000000000abc-7-f")");
  CHECK(etag_text(kVersion7, {View::full, EmailVisibility::masked}) ==
        R"("0000000000000abc-7-f-m")");
  CHECK(etag_text(kVersion7, {View::seed, EmailVisibility::hidden}) == R"("0000000000000abc-7-h")");
}

TEST_CASE("the version is read back from a tag of any presentation", "[wire]") {
  CHECK(parse_etag(R"("0000000000000abc-7")") == kVersion7);
  CHECK(parse_etag(R"("0000000000000abc-7-f-h")") == kVersion7);
}

TEST_CASE("a stranger's tag is no version", "[wire]") {
  for (const auto* tag : {"", "\"\"", "\"abc\"", "0000000000000abc-7", "\"0000000000000abg-7\"",
                          "\"0000000000000abc_7\"", "\"0000000000000abc-\"", "*"}) {
    CAPTURE(tag);
    CHECK_FALSE(parse_etag(tag));
  }
}

TEST_CASE("If-None-Match counts only in the presentation that is asked for", "[wire]") {
  const auto seed = etag_text(kVersion7, kSeed);
  const Presentation full{View::full, EmailVisibility::raw};
  CHECK(known_version(seed, kSeed) == kVersion7);
  CHECK_FALSE(known_version(seed, full));
  CHECK_FALSE(known_version("\"0000000000000abc-7-f-m\"", full));
  CHECK_FALSE(known_version("\"0000000000000abc-07\"", kSeed));
}

TEST_CASE("If-None-Match may be weak, a list, or anything", "[wire]") {
  CHECK(known_version("W/" + etag_text(kVersion7, kSeed), kSeed) == kVersion7);
  CHECK(known_version("\"x\", \"y\" ,\t" + etag_text(kVersion7, kSeed), kSeed) == kVersion7);
  CHECK_FALSE(known_version("*", kSeed));
  CHECK_FALSE(known_version(",,, ,", kSeed));
  CHECK_FALSE(known_version("", kSeed));
}

}  // namespace comments::tests
