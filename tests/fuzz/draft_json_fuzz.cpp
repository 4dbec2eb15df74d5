#include "core/wire/bodies.h"
#include "core/wire/draft_json.h"
#include "tests/fuzz/target.h"

using comments::fuzz::must_hold;

FUZZ_TARGET(draft_json) {
  const auto draft = comments::parse_draft(input, "");
  if (!draft) {
    must_hold(!draft.error().message.empty(), "a refusal says why");
    return;
  }
  const auto again = comments::parse_draft(comments::draft_body(*draft), "");
  must_hold(static_cast<bool>(again), "what was taken is taken again");
  must_hold(again->content_id() == draft->content_id() && again->email() == draft->email() &&
                again->comment() == draft->comment(),
            "what was taken is not changed by being written");
}
