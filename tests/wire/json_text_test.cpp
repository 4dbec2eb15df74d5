#include "core/wire/json_text.h"

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

std::string json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("printable ASCII is written as it is", "[wire]") {
  CHECK(json("") == R"("")");
  CHECK(json("Hello, world! </script> & 'x'") == R"("Hello, world! </script> & 'x'")");
}

TEST_CASE("everything else is escaped as Python's json.dumps does it", "[wire]") {
  CHECK(json("\"\\/") == R"("\"\\/")");
  CHECK(json("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(json(std::string_view("\0\x1F\x7F", 3)) == R"("\u0000\u001f\u007f")");
  CHECK(json("caf\u00E9") == R"("caf\u00e9")");
  CHECK(json("\u2028\uFFFF") == R"("\u2028\uffff")");
  CHECK(json("\U00010000\U0001F600\U0010FFFF") == R"("\ud800\udc00\ud83d\ude00\udbff\udfff")");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character, never broken JSON", "[wire]") {
  CHECK(json("a\xFFz") == R"("a\ufffdz")");
}

}  // namespace comments::tests
