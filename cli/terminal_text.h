// Strangers' text on our terminal: control characters could move the cursor, change colours or
// hide what is there, so they are shown as U+FFFD. Line feeds and tabs stay.
#pragma once

#include <string>
#include <string_view>

namespace comments::cli {

std::string terminal_text(std::string_view text);

// The same on one line, for messages that may quote a stranger's file: line feeds and tabs become
// spaces, and what is longer than a screenful is cut.
std::string one_line(std::string_view text);

}  // namespace comments::cli
