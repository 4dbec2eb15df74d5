#include "core/comment/text.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("code points are counted, not bytes", "[comment]") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("abc") == 3);
  CHECK(count_code_points("\u00E9\u20AC\U0001F600") == 3);
  CHECK(count_code_points(std::string_view("\0", 1)) == 1);
}

TEST_CASE("the first and last code point of every length is accepted", "[comment]") {
  for (const auto* text :
       {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(text);
    CHECK(count_code_points(text) == 1);
  }
}

TEST_CASE("text that is not UTF-8 is recognised", "[comment]") {
  for (const auto* text : {"\x80",              // a continuation without a lead
                           "\xC3",              // cut off
                           "\xE2\x82",          // cut off
                           "\xC0\xAF",          // overlong, two bytes
                           "\xE0\x9F\xBF",      // overlong, three bytes
                           "\xF0\x8F\xBF\xBF",  // overlong, four bytes
                           "\xED\xA0\x80",      // a surrogate
                           "\xF4\x90\x80\x80",  // above U+10FFFF
                           "\xF5\x80\x80\x80", "\xFF", "\xC3\x28"}) {
    CHECK(count_code_points(text) == std::nullopt);
  }
}

TEST_CASE("a code point that is not there leaves the text alone", "[comment]") {
  std::string_view text = "\xFFz";
  CHECK(take_code_point(text) == std::nullopt);
  CHECK(text.size() == 2);
}

TEST_CASE("white space is what Unicode says it is", "[comment]") {
  for (const char32_t c : {U'\t', U' ', U'\u0085', U'\u00A0', U'\u2003', U'\u3000'}) {
    CHECK(is_white_space(c));
  }
  for (const char32_t c : {U'a', U'\u200B', U'\u2060', U'\uFEFF'}) {
    CHECK_FALSE(is_white_space(c));
  }
}

}  // namespace comments::tests
