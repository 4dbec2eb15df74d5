#include "core/client/seen_ids.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments {

using tests::content_id;

TEST_CASE("the largest id of each thread is remembered", "[client]") {
  SeenIds seen;
  CHECK(seen.of(content_id("1")) == 0);
  seen.note(content_id("1"), 7);
  seen.note(content_id("1"), 3);
  seen.note(content_id("2"), 1);
  CHECK(seen.of(content_id("1")) == 7);
  CHECK(seen.of(content_id("2")) == 1);
}

TEST_CASE("who goes through many threads remembers the latest of them", "[client]") {
  SeenIds seen;
  for (std::size_t i = 0; i < SeenIds::kMaxThreads; ++i) {
    seen.note(content_id(std::to_string(i)), 1);
  }
  seen.note(content_id("0"), 2);  // no new one
  CHECK(seen.of(content_id("1")) == 1);
  seen.note(content_id("one more"), 5);
  CHECK(seen.of(content_id("one more")) == 5);
  CHECK(seen.of(content_id("1")) == 0);
}

}  // namespace comments
