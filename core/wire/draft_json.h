// From the body of a post to a Draft.
#pragma once

#include <string_view>

#include "core/comment/comment.h"

namespace comments {

inline constexpr int kMaxJsonDepth = 32;

// Reads {"email","comment","content_id"}; fields that we do not know are skipped, but must be
// JSON. content_id is a string, or an integer within ± 2^63 that is taken as its decimal text.
// Errors: bad_request (empty, not JSON, a control character unescaped in a string, a key twice in
// one object, nested deeper than kMaxJsonDepth, invalid UTF-8 or lone surrogates, a field that is
// missing or of the wrong type), and those of ContentId::parse and Draft::parse. Memory is bounded
// by the body, the stack is not used: the body is never made a tree (nlohmann's dump and copy of a
// tree recurse).
Result<Draft> parse_draft(std::string_view body, std::string_view idempotency_key);

}  // namespace comments
