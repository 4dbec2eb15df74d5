#include "cli/number_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace comments::cli {

std::string count_text(double number) {
  constexpr double kMostDigits = 1e9;
  if (number >= kMostDigits) {
    return fmt::format("{:.3g}", number);
  }
  auto digits = fmt::format("{:.0f}", number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string short_text(double number) {
  return number == 0    ? "0"
         : number < 10  ? fmt::format("{:.2f}", number)
         : number < 100 ? fmt::format("{:.1f}", number)
                        : count_text(number);
}

std::string per_second(double number) {
  return short_text(number) + "/s";
}

std::string percent(double ratio) {
  return fmt::format("{:.2f} %", ratio * 100);
}

std::string duration(double seconds) {
  return seconds < 1 ? short_text(seconds * 1000) + " ms" : short_text(seconds) + " s";
}

std::string bytes(double number) {
  constexpr double kMebi = 1024.0 * 1024;
  return number < 1024 * kMebi ? short_text(number / kMebi) + " MiB"
                               : short_text(number / kMebi / 1024) + " GiB";
}

std::string time_text(double seconds) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits{{{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
  constexpr double kLongest = 1e12;
  const auto whole = static_cast<std::int64_t>(std::min(seconds, kLongest));
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && whole < kUnits[unit].seconds) {
    ++unit;
  }
  auto text = fmt::format("{} {}", whole / kUnits[unit].seconds, kUnits[unit].name);
  if (unit + 1 < kUnits.size()) {
    const auto left = whole % kUnits[unit].seconds;
    text += fmt::format(" {} {}", left / kUnits[unit + 1].seconds, kUnits[unit + 1].name);
  }
  return text;
}

}  // namespace comments::cli
