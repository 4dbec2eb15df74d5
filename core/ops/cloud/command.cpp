#include "core/ops/cloud/command.h"

#include <algorithm>
#include <string_view>

namespace comments::ops {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = "_-./=:,@%+";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) {
    return word;
  }
  std::string text = "'";
  for (const auto c : word) {
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return text + "'";
}

}  // namespace

std::string shell_quoted(const Command& command) {
  std::string line;
  for (const auto& word : command.words) {
    line += (line.empty() ? "" : " ") + quoted(word);
  }
  return line;
}

}  // namespace comments::ops
