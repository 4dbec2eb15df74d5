#include "core/wire/etag.h"

#include <charconv>

#include <fmt/format.h>

namespace comments {

std::string etag_text(Version version, Presentation presentation) {
  const auto* view = presentation.view == View::full ? "-f" : "";
  const auto* emails = presentation.emails == EmailVisibility::masked   ? "-m"
                       : presentation.emails == EmailVisibility::hidden ? "-h"
                                                                        : "";
  return fmt::format("\"{:016x}-{}{}{}{}\"", version.store, version.number, view, emails,
                     presentation.gzip ? "-gz" : "");
}

std::optional<Version> parse_etag(std::string_view tag) {
  constexpr std::size_t kHexDigits = 16;
  if (tag.size() < kHexDigits + 4 || tag.front() != '"' || tag.back() != '"' ||
      tag[kHexDigits + 1] != '-') {
    return std::nullopt;
  }
  Version version;
  const auto* hex = tag.data() + 1;
  const auto store = std::from_chars(hex, hex + kHexDigits, version.store, 16);
  const auto* digits = hex + kHexDigits + 1;
  const auto number = std::from_chars(digits, tag.data() + tag.size() - 1, version.number);
  if (store.ec != std::errc() || store.ptr != hex + kHexDigits || number.ec != std::errc()) {
    return std::nullopt;
  }
  return version;
}

bool is_known(std::string_view if_none_match, std::string_view etag) {
  // Our tags hold no comma and no quote, so that splitting at commas finds each of them.
  while (!if_none_match.empty()) {
    const auto comma = if_none_match.find(',');
    auto tag = if_none_match.substr(0, comma);
    if_none_match.remove_prefix(comma == std::string_view::npos ? if_none_match.size() : comma + 1);
    const auto begin = tag.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
      continue;
    }
    tag = tag.substr(begin, tag.find_last_not_of(" \t") + 1 - begin);
    if (tag.starts_with("W/")) {  // compared weakly
      tag.remove_prefix(2);
    }
    if (tag == etag || tag == "*") {
      return true;
    }
  }
  return false;
}

}  // namespace comments
