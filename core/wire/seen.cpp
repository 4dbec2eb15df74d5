#include "core/wire/seen.h"

#include <algorithm>
#include <charconv>

namespace comments {

std::int64_t parse_seen(std::string_view value) {
  std::int64_t seen = 0;
  const auto* end_of_value = value.data() + value.size();
  const auto [end, error] = std::from_chars(value.data(), end_of_value, seen);
  return error == std::errc() && end == end_of_value ? std::max<std::int64_t>(seen, 0) : 0;
}

}  // namespace comments
