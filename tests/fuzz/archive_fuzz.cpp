#include <sstream>

#include "core/archive/lines.h"
#include "core/wire/archive_json.h"
#include "tests/fuzz/target.h"

using comments::fuzz::must_hold;

// A whole file: its lines, its header, its trailer.
FUZZ_TARGET(archive) {
  std::istringstream file{std::string(input)};
  comments::archive::Lines lines(file);
  std::int64_t comments = 0;
  for (;;) {
    const auto next = lines.next();
    if (!next) {
      must_hold(!next.error().message.empty(), "a refusal says why");
      return;
    }
    if (!*next) {
      must_hold(lines.trailer().comments == comments, "the trailer counts what was read");
      return;
    }
    ++comments;
    auto line = comments::archive_line(**next);
    line.pop_back();
    const auto again = comments::parse_archive_line(line);
    must_hold(again && *again == **next, "a comment comes back from its own line");
  }
}
