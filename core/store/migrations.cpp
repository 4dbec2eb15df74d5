#include "core/store/migrations.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

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

Result<std::vector<Migration>> pending_migrations(std::span<const Migration> known,
                                                  std::span<const AppliedMigration> applied,
                                                  std::string_view release,
                                                  std::string_view where) {
  const auto is_applied = [&](int number) {
    return std::any_of(applied.begin(), applied.end(),
                       [&](const auto& line) { return line.number == number; });
  };
  const int newest = known.empty() ? 0 : known.back().number;
  for (const auto& line : applied) {
    if (line.number > newest && compare_releases(release, line.compatible_from) < 0) {
      return Error{ErrorCode::unavailable,
                   fmt::format("{} has the schema of a newer release; run comments {} or later",
                               where, line.compatible_from),
                   {}};
    }
  }
  std::vector<Migration> pending;
  std::copy_if(known.begin(), known.end(), std::back_inserter(pending),
               [&](const auto& migration) { return !is_applied(migration.number); });
  return pending;
}

int compare_releases(std::string_view left, std::string_view right) {
  const auto l = numbers_of(left);
  const auto r = numbers_of(right);
  return l < r ? -1 : (l == r ? 0 : 1);
}

}  // namespace comments
