#include "cli/value_rules.h"

#include "tests/support/catch.h"

namespace comments::cli {
namespace {

// What the option gets of a value that fits, else why it does not.
std::string made_of(const CLI::Validator& rule, std::string text) {
  const auto refusal = rule(text);
  return refusal.empty() ? text : refusal;
}

bool refuses(const CLI::Validator& rule, const std::string& text) {
  auto value = text;
  return !rule(value).empty();
}

}  // namespace

TEST_CASE("a size is a number of bytes with a unit, 0 to 1 TiB", "[cli]") {
  CHECK(made_of(byte_size(), "0") == "0");
  CHECK(made_of(byte_size(), "64MiB") == "67108864");
  CHECK(made_of(byte_size(), "500 kb") == "512000");
  CHECK(made_of(byte_size(), "1TiB") == "1099511627776");
  CHECK(made_of(byte_size(), "-1") == "'-1' is no size; write 64MiB, 500KiB or 0, at most 1TiB");
  for (const auto* text : {"", "-1MiB", " -1", "+1", "1.5MiB", "MiB", "1 parsec", "1099511627777",
                           "1025GiB", "18446744073709551616", "99999999EiB", "inf"}) {
    CAPTURE(text);
    CHECK(refuses(byte_size(), text));
  }
}

TEST_CASE("a delay is seconds or milliseconds, 0 to an hour", "[cli]") {
  CHECK(made_of(delay(), "0s") == "0");
  CHECK(made_of(delay(), "500ms") == "0.5");
  CHECK(made_of(delay(), "2") == "2");
  CHECK(made_of(delay(), "3600s") == "3600");
  CHECK(made_of(delay(), "-1s") == "'-1s' is no delay; write 5s or 500ms, at most 3600s");
  for (const auto* text :
       {"", "-0.001s", "3600.1s", "3601000ms", "1e300", "nan", "inf", "-inf", "s5", "1 day"}) {
    CAPTURE(text);
    CHECK(refuses(delay(), text));
  }
}

TEST_CASE("a rate is a number a minute, 1 to a million, or off", "[cli]") {
  CHECK(made_of(rate(), "off") == "0");
  CHECK(made_of(rate(), "1/min") == "1");
  CHECK(made_of(rate(), "1000000/min") == "1000000");
  CHECK(made_of(rate(), "60") == "'60' is no rate; write 60/min, or off");
  for (const auto* text : {"", "/min", "0/min", "-1/min", "1000001/min", "1.5/min", "60/h", "0"}) {
    CAPTURE(text);
    CHECK(refuses(rate(), text));
  }
}

TEST_CASE("origins are a list, and * is for itself", "[cli]") {
  CHECK(made_of(origin_list(), "") == "");
  CHECK(made_of(origin_list(), "*") == "*");
  CHECK(split_list(made_of(origin_list(), "https://a.example,http://b:1")) ==
        std::vector<std::string>{"https://a.example", "http://b:1"});
  CHECK(made_of(origin_list(), "foo").starts_with("'foo' is no origin; write https://example.com"));
  CHECK(refuses(origin_list(), "*,https://a.example"));
  CHECK(refuses(origin_list(), "https://a.example/"));
}

TEST_CASE("a header's text cannot begin another header", "[cli]") {
  CHECK(made_of(header_text(), "public, max-age=0; ~") == "public, max-age=0; ~");
  CHECK(made_of(header_text(), "a\r\nSet-Cookie: b=c") ==
        "it must be printable ASCII, on one line");
  for (const auto& text : {std::string("a\nb"), std::string("a\0b", 3), std::string("a\tb"),
                           std::string("\x7F"), std::string("caf\u00e9")}) {
    CAPTURE(text);
    CHECK(refuses(header_text(), text));
  }
}

}  // namespace comments::cli
