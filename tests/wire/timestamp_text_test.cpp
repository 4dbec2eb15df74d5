#include "core/wire/timestamp_text.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("a time is written with milliseconds, in UTC", "[wire]") {
  CHECK(timestamp_text(Timestamp()) == "1970-01-01T00:00:00.000Z");
  CHECK(timestamp_text(Timestamp(std::chrono::milliseconds(1'798'761'599'007))) ==
        "2026-12-31T23:59:59.007Z");
  CHECK(timestamp_text(Timestamp(std::chrono::milliseconds(-1))) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("what was written is read back", "[wire]") {
  for (const auto* text : {"1970-01-01T00:00:00.000Z", "2024-02-29T12:34:56.789Z"}) {
    const auto time = parse_timestamp(text);
    REQUIRE(time);
    CHECK(timestamp_text(*time) == text);
  }
}

TEST_CASE("any other form is no time", "[wire]") {
  for (const auto* text : {"", "2026-01-01", "2026-01-01T00:00:00Z", "2026-13-01T00:00:00.000Z",
                           "2026-02-30T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
                           "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000+"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp(text));
  }
}

}  // namespace comments::tests
