// The idempotency key of a line in a file of comments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace comments {

// SHA-256 (FIPS 180-4) of `number`, a colon, and `line`, as 64 hex digits: the same line at the
// same place is the same comment.
std::string line_key(std::int64_t number, std::string_view line);

}  // namespace comments
