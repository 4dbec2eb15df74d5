// Strangers' text on our terminal: control characters could move the cursor, change colours or
// hide what is there, so they are shown as U+FFFD. Line feeds and tabs stay.
#pragma once

#include <string>
#include <string_view>

namespace comments::cli {

std::string terminal_text(std::string_view text);

}  // namespace comments::cli
