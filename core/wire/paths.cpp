#include "core/wire/paths.h"

#include <fmt/format.h>

namespace comments {
namespace {

// Everything but RFC 3986's unreserved characters: safe as one segment, and as a query's value.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 0xFU]};
    }
  }
  return encoded;
}

}  // namespace

std::string list_path(const ContentId& content_id) {
  return "/api/comment/list/" + percent_encoded(content_id.text());
}

std::string comment_path(const ContentId& content_id, std::int64_t id) {
  return fmt::format("{}/{}", list_path(content_id), id);
}

std::string stream_path(const ContentId& content_id) {
  return "/api/comment/stream/" + percent_encoded(content_id.text());
}

std::string count_path(std::span<const ContentId> content_ids) {
  std::string path = "/api/comment/count";
  char separator = '?';
  for (const auto& content_id : content_ids) {
    path += separator;
    path += "content_id=" + percent_encoded(content_id.text());
    separator = '&';
  }
  return path;
}

}  // namespace comments
