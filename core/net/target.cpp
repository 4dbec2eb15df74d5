#include "core/net/target.h"

#include <algorithm>

namespace comments::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Takes what stands before `separator` (or everything) off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::optional<std::string> form_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decoded(spaced);
}

bool parse_path(std::string_view path, std::vector<std::string>& segments) {
  for (bool more = true; more;) {
    more = path.find('/') != std::string_view::npos;
    auto segment = percent_decoded(take_until(path, '/'));
    if (!segment) {
      return false;
    }
    segments.push_back(*std::move(segment));
  }
  return true;
}

bool parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs) {
  while (!query.empty()) {
    auto value = take_until(query, '&');
    if (value.empty()) {
      continue;
    }
    auto name = form_decoded(take_until(value, '='));
    auto decoded = form_decoded(value);
    if (!name || !decoded) {
      return false;
    }
    pairs.emplace_back(*std::move(name), *std::move(decoded));
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) {
      return std::nullopt;
    }
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(),
                                  [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) {
    return std::nullopt;
  }
  target.remove_prefix(1);
  target = target.substr(0, target.find('#'));
  const auto path = take_until(target, '?');
  Target parsed;
  if (!parse_path(path, parsed.segments) || !parse_query(target, parsed.query)) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace comments::net
