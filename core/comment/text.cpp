#include "core/comment/text.h"

namespace comments {
namespace {

// The bytes that follow a lead byte, and the range its second byte must be in (RFC 3629, section
// 4).
struct Lead {
  std::size_t following;
  unsigned char second_min;
  unsigned char second_max;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) {
    return Lead{1, 0x80, 0xBF};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    const unsigned char min = byte == 0xE0 ? 0xA0 : 0x80;
    const unsigned char max = byte == 0xED ? 0x9F : 0xBF;
    return Lead{2, min, max};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    const unsigned char min = byte == 0xF0 ? 0x90 : 0x80;
    const unsigned char max = byte == 0xF4 ? 0x8F : 0xBF;
    return Lead{3, min, max};
  }
  return std::nullopt;
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  const auto lead = lead_of(first);
  if (!lead || text.size() <= lead->following) {
    return std::nullopt;
  }
  // The lead byte keeps 5, 4 or 3 of its bits.
  char32_t code = first & (0x3FU >> lead->following);
  for (std::size_t i = 1; i <= lead->following; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto min = i == 1 ? lead->second_min : 0x80;
    const auto max = i == 1 ? lead->second_max : 0xBF;
    if (byte < min || byte > max) {
      return std::nullopt;
    }
    code = (code << 6) | (byte & 0x3FU);
  }
  text.remove_prefix(lead->following + 1);
  return code;
}

std::optional<std::size_t> count_code_points(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    if (!take_code_point(text)) {
      return std::nullopt;
    }
    ++count;
  }
  return count;
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

}  // namespace comments
