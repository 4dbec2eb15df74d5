// A rollout as people see it.
#include <sstream>

#include "cli/deploy_view.h"
#include "core/comment/text.h"
#include "tests/support/catch.h"

namespace comments::cli {
namespace {

using ops::Event;

std::string shown(bool is_terminal, const std::vector<Event>& events) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const Io io{.in = in,
              .out = out,
              .err = err,
              .err_is_terminal = is_terminal,
              .environment = [](const std::string&) { return std::nullopt; }};
  const auto teller = make_deploy_text(io, true);
  for (const auto& event : events) {
    teller->tell(event);
  }
  return err.str();
}

TEST_CASE("a long line is not cut within a character", "[cli][deploy]") {
  for (std::size_t letters = 0; letters < 3; ++letters) {
    std::string text(letters, 'a');
    for (int i = 0; i < 100; ++i) {
      text += "…";
    }
    CHECK(count_code_points(shown(true, {{Event::Kind::step_started, "plan", text, 0}})));
  }
}

TEST_CASE("no event moves the cursor of a terminal", "[cli][deploy]") {
  for (const auto kind :
       {Event::Kind::step_started, Event::Kind::step_done, Event::Kind::step_skipped,
        Event::Kind::step_failed, Event::Kind::command, Event::Kind::progress, Event::Kind::note,
        Event::Kind::ended, Event::Kind::waiting}) {
    const auto text = shown(false, {{kind, "plan", "before\x1b[2Jafter", 1}});
    INFO(text);
    CHECK(text.find("before") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
  }
}

}  // namespace
}  // namespace comments::cli
