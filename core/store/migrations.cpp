#include "core/store/migrations.h"

#include <array>
#include <charconv>

namespace comments {
namespace {

std::array<int, 3> numbers_of(std::string_view release) {
  std::array<int, 3> numbers{};
  const char* at = release.data();
  const char* end = at + release.size();
  for (auto& number : numbers) {
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || next == end || *next != '.') {
      break;
    }
    at = next + 1;
  }
  return numbers;
}

}  // namespace

int compare_releases(std::string_view left, std::string_view right) {
  const auto l = numbers_of(left);
  const auto r = numbers_of(right);
  return l < r ? -1 : (l == r ? 0 : 1);
}

}  // namespace comments
