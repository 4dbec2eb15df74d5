#include "core/wire/view.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("an address is shown raw, masked or not at all", "[wire]") {
  CHECK(shown_email("alice@example.com", EmailVisibility::raw) == "alice@example.com");
  CHECK(shown_email("alice@example.com", EmailVisibility::masked) == "a***@example.com");
  CHECK(shown_email("a@b", EmailVisibility::masked) == "a***@b");
  CHECK(shown_email("\u00E9lo\u00EFse@b", EmailVisibility::masked) == "\u00E9***@b");
  CHECK(shown_email("alice@example.com", EmailVisibility::hidden).empty());
}

TEST_CASE("only the three words name a visibility", "[wire]") {
  CHECK(parse_email_visibility("hidden") == EmailVisibility::hidden);
  CHECK_FALSE(parse_email_visibility("Hidden"));
  CHECK_FALSE(parse_email_visibility(""));
}

}  // namespace comments::tests
