#include "core/wire/error_table.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("every error crosses the wire unchanged", "[wire]") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::overloaded); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const auto& row = row_of(code);
    CAPTURE(row.status);
    CHECK(row.code == code);
    CHECK(error_code_of(row.status, row.http) == code);
  }
}

TEST_CASE("an answer without a known word is read by its HTTP status", "[wire]") {
  CHECK(error_code_of("", 404) == ErrorCode::not_found);
  CHECK(error_code_of("<html>", 414) == ErrorCode::too_large);
  CHECK(error_code_of("", 502) == ErrorCode::unavailable);
  CHECK(error_code_of("", 418) == ErrorCode::bad_request);
  CHECK(error_code_of("", 599) == ErrorCode::internal);
}

}  // namespace comments::tests
