#include "cli/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace comments::cli {

std::string sparkline(std::span<const std::optional<double>> values) {
  constexpr std::array<const char*, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr double kTop = kBlocks.size() - 1;
  double largest = 0;
  for (const auto& value : values) {
    largest = std::max(largest, value.value_or(0));
  }
  std::string line;
  for (const auto& value : values) {
    if (!value) {
      line += ' ';
      continue;
    }
    const double height = largest > 0 ? std::max(0.0, *value) / largest * kTop : 0;
    line += kBlocks[static_cast<std::size_t>(std::lround(height))];
  }
  return line;
}

}  // namespace comments::cli
