// What the screens of `comments status` are made of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/comment/comment.h"

namespace comments::cli {

namespace colour_of {
inline constexpr std::string_view kGood = "\x1b[1;32m";
inline constexpr std::string_view kAttention = "\x1b[1;33m";
inline constexpr std::string_view kBad = "\x1b[1;31m";
inline constexpr std::string_view kQuiet = "\x1b[2m";
}  // namespace colour_of

std::string painted(std::string text, std::string_view paint, bool colour);

// "12:00:00 UTC"
std::string clock_text(Timestamp time);

// Of a stranger's word, at most that many characters; `more` says that there were others.
std::string first_of(std::string_view text, std::size_t longest, std::string_view more = "…");

// Lines of at most 80 bytes, broken between words, each `indent` columns from the edge; the first
// one has `label` there. "" for no text.
std::string paragraph(std::string_view text, std::size_t indent = 2, std::string_view label = {});

}  // namespace comments::cli
