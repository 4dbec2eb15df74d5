// `X-Comments-Seen: 42`: the client has seen the comments 1 to 42 of the thread. A list with fewer
// is older than what it has.
#pragma once

#include <cstdint>
#include <string_view>

namespace comments {

inline constexpr std::string_view kSeenHeader = "X-Comments-Seen";

// 0 where the value is no number from 0: it is a hint, and a bad one is none.
std::int64_t parse_seen(std::string_view value);

}  // namespace comments
