#include "core/store/postgres/sql_state.h"
#include "core/store/postgres/text_array.h"
#include "tests/support/catch.h"

namespace comments::tests {

using namespace postgres;

TEST_CASE("an array's text holds any value", "[store]") {
  TextArray texts;
  CHECK(TextArray().take() == "{}");
  for (const auto* text : {"plain", "with \"quotes\" and \\", "a,b {c}", "", "NULL"}) {
    texts.add(std::string_view(text));
  }
  CHECK(texts.take() == R"({"plain","with \"quotes\" and \\","a,b {c}","","NULL"})");
  TextArray numbers;
  numbers.add(std::int64_t{-1});
  numbers.add(std::int64_t{9'223'372'036'854'775'807});
  CHECK(numbers.take() == "{-1,9223372036854775807}");
}

TEST_CASE("an error is a loss, a conflict, a pooler's, or to be met again", "[store]") {
  for (const auto* state : {"08006", "08P01", "57P01", "57P03", "25006", "40003"}) {
    CHECK(is_loss(state));
    CHECK_FALSE(is_conflict(state));
  }
  for (const auto* state : {"40001", "40P01", "25P03"}) {
    CHECK(is_conflict(state));
    CHECK_FALSE(is_loss(state));
  }
  for (const auto* state : {"26000", "42P05"}) {
    CHECK(is_about_preparing(state));
  }
  for (const auto* state : {"", "23505", "53100", "42501", "57014"}) {
    CHECK_FALSE((is_loss(state) || is_conflict(state) || is_about_preparing(state)));
  }
}

}  // namespace comments::tests
