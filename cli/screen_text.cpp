#include "cli/screen_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/terminal_text.h"
#include "core/comment/text.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

constexpr std::size_t kColumns = 80;

}  // namespace

std::string painted(std::string text, std::string_view paint, bool colour) {
  return colour ? fmt::format("{}{}\x1b[0m", paint, text) : text;
}

std::string clock_text(Timestamp time) {
  return timestamp_text(time).substr(11, 8) + " UTC";
}

std::string first_of(std::string_view text, std::size_t longest, std::string_view more) {
  const auto line = one_line(text);
  std::string_view rest = line;
  for (std::size_t i = 0; i < longest && !rest.empty(); ++i) {
    take_code_point(rest);
  }
  const auto kept = line.substr(0, line.size() - rest.size());
  return rest.empty() ? kept : kept + std::string(more);
}

std::string paragraph(std::string_view text, std::size_t indent, std::string_view label) {
  const auto line = one_line(text);
  const auto width = kColumns - indent;
  std::string_view rest = line;
  std::string result;
  while (!rest.empty()) {
    auto end = rest.size();
    if (end > width) {
      const auto blank = rest.rfind(' ', width);
      end = blank == std::string_view::npos || blank == 0 ? rest.find(' ', 1) : blank;
    }
    const auto piece = rest.substr(0, end);
    result += fmt::format("{:<{}}{}\n", result.empty() ? label : "", indent, piece);
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
  }
  return result;
}

}  // namespace comments::cli
