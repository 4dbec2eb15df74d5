#include "core/net/http.h"

#include <algorithm>

namespace comments::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char l, char r) { return lower(l) == lower(r); });
}

std::string_view Request::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const HeaderView& header) {
    return equal_ignoring_case(header.first, name);
  });
  return found == headers.end() ? std::string_view() : found->second;
}

}  // namespace comments::net
