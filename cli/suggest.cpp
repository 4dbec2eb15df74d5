#include "cli/suggest.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace comments::cli {
namespace {

// Insertions, deletions, replacements and swaps of neighbours between two words
// (the restricted Damerau-Levenshtein distance).
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> current(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last.back();
}

}  // namespace

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words) {
  const auto nearest = std::min_element(
      words.begin(), words.end(), [&](const std::string& left, const std::string& right) {
        return edit_distance(typed, left) < edit_distance(typed, right);
      });
  if (nearest == words.end() || edit_distance(typed, *nearest) > 1 + nearest->size() / 4) {
    return {};
  }
  return fmt::format("; did you mean '{}'?", *nearest);
}

}  // namespace comments::cli
