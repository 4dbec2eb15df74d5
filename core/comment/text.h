// What we need to know about Unicode text, and no more.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace comments {

// Takes one code point off the front of `text`. nullopt, and `text` untouched, where it is empty
// or does not begin with well-formed UTF-8 (RFC 3629: no overlong form, surrogate or > U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& text);

// How many code points `text` has; nullopt if it is not valid UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text);

// True for the characters with the Unicode property White_Space.
bool is_white_space(char32_t c);

// True for the C0 and C1 controls and DEL (Unicode category Cc).
bool is_control(char32_t c);

}  // namespace comments
