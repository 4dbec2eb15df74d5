#include "cli/number_words.h"

#include "tests/support/catch.h"

namespace comments::cli {

TEST_CASE("counts have their thousands apart, and an end", "[cli]") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1'000) == "1,000");
  CHECK(count_text(12'345'678) == "12,345,678");
  CHECK(count_text(1e300) == "1e+300");
}

TEST_CASE("figures have three digits, or all before the point", "[cli]") {
  CHECK(short_text(0) == "0");
  CHECK(short_text(0.523) == "0.52");
  CHECK(short_text(12.34) == "12.3");
  CHECK(short_text(1'234.5) == "1,234");
}

TEST_CASE("durations, sizes and ages have the unit that fits", "[cli]") {
  CHECK(duration(0.00052) == "0.52 ms");
  CHECK(duration(0.123) == "123 ms");
  CHECK(duration(1.2) == "1.20 s");
  CHECK(bytes(29.4 * 1024 * 1024) == "29.4 MiB");
  CHECK(bytes(1.5 * 1024 * 1024 * 1024) == "1.50 GiB");
  CHECK(percent(0.0012) == "0.12 %");
  CHECK(per_second(130) == "130/s");
}

TEST_CASE("an age has its two largest units", "[cli]") {
  CHECK(time_text(0.4) == "0 s");
  CHECK(time_text(59) == "59 s");
  CHECK(time_text(61) == "1 min 1 s");
  CHECK(time_text(11'550) == "3 h 12 min");
  CHECK(time_text(86'400 * 3 + 7'200) == "3 d 2 h");
  CHECK(time_text(1e300) == "11574074 d 1 h");
}

}  // namespace comments::cli
