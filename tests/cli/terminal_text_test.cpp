#include "cli/terminal_text.h"

#include "tests/support/catch.h"

namespace comments::cli {

TEST_CASE("a stranger's text cannot drive the terminal", "[cli]") {
  CHECK(terminal_text("\x1b[2J\x1b]0;title\x07") == "\uFFFD[2J\uFFFD]0;title\uFFFD");
  CHECK(terminal_text("a\rb\bc\x7F\u009B") == "a\uFFFDb\uFFFDc\uFFFD\uFFFD");
  CHECK(terminal_text("\u202Eevil\u2066") == "\uFFFDevil\uFFFD");
  CHECK(terminal_text("\xFF") == "\uFFFD");
}

TEST_CASE("text itself stays, line feeds and tabs too", "[cli]") {
  CHECK(terminal_text("caf\u00E9 \U0001F600\n\tnext") == "caf\u00E9 \U0001F600\n\tnext");
}

TEST_CASE("a message that quotes a stranger's file is one line, and no longer than a screenful",
          "[cli]") {
  CHECK(one_line("near \"a\n\tb\": \x1b[31m") == "near \"a  b\": \uFFFD[31m");
  CHECK(one_line(std::string(500, 'x')) == std::string(500, 'x'));
  CHECK(one_line(std::string(499, 'x') + "\u00E9 and more") == std::string(499, 'x') + "...");
}

}  // namespace comments::cli
