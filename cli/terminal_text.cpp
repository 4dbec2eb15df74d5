#include "cli/terminal_text.h"

#include <algorithm>

#include "core/comment/text.h"

namespace comments::cli {
namespace {

// Directional overrides reorder what stands around them: as good as a control character.
bool is_directional(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string terminal_text(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    auto rest = text;
    const auto c = take_code_point(rest);
    const auto taken = c ? text.size() - rest.size() : 1;
    const bool harmless =
        c && (*c == U'\n' || *c == U'\t' || (!is_control(*c) && !is_directional(*c)));
    shown += harmless ? text.substr(0, taken) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(taken);
  }
  return shown;
}

std::string one_line(std::string_view text) {
  constexpr std::size_t kLongest = 500;
  auto line = terminal_text(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (line.size() <= kLongest) {
    return line;
  }
  auto end = kLongest;
  while ((static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) {  // not inside a character
    --end;
  }
  return line.substr(0, end) + "...";
}

}  // namespace comments::cli
