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
  CHECK(etag_text(kVersion7, {.view = View::full, .gzip = true}) == R"("0000000000000abc-7-f-gz")");
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

TEST_CASE("If-None-Match knows a tag, weak or in a list, or any", "[wire]") {
  const auto tag = etag_text(kVersion7, kSeed);
  CHECK(is_known(tag, tag));
  CHECK(is_known("W/" + tag, tag));
  CHECK(is_known("\"x\", \"y\" ,\t" + tag, tag));
  CHECK(is_known("*", tag));
  CHECK_FALSE(is_known(etag_text(kVersion7, {View::full, EmailVisibility::raw}), tag));
  CHECK_FALSE(is_known("0000000000000abc-7", tag));
  CHECK_FALSE(is_known(",,, ,", tag));
  CHECK_FALSE(is_known("", tag));
}

}  // namespace comments::tests
