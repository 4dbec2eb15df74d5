#include "core/store/store_url.h"

#include <algorithm>

namespace comments {
namespace {

constexpr std::string_view kMask = "***";

// The values of `password=` and `sslpassword=`, wherever they stand.
std::string without_parameters(std::string_view text) {
  constexpr std::string_view kName = "password=";
  std::string masked;
  for (;;) {
    const auto at = text.find(kName);
    if (at == std::string_view::npos) {
      return masked + std::string(text);
    }
    masked += text.substr(0, at + kName.size());
    masked += kMask;
    text.remove_prefix(std::min(text.find_first_of("& ", at), text.size()));
  }
}

}  // namespace

std::string masked_store_url(std::string_view url) {
  constexpr std::string_view kSeparator = "://";
  const auto scheme = url.find(kSeparator);
  if (scheme == std::string_view::npos) {
    return without_parameters(url);
  }
  const auto begin = scheme + kSeparator.size();
  // A password that was not encoded may hold a slash; its end is the last @ before the parameters.
  const auto authority = url.substr(begin, url.find('?', begin) - begin);
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) {
    return without_parameters(url);
  }
  return std::string(url.substr(0, begin + colon + 1)) + std::string(kMask) +
         without_parameters(url.substr(begin + at));
}

}  // namespace comments
