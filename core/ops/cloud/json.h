// JSON as other programs print it: whatever is missing, or of another kind, reads as nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace comments::ops {

using Json = nlohmann::json;

// null where the text is no JSON.
inline Json parse_json(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json() : json;
}

// What stands at a JSON pointer (RFC 6901), such as "/status/url"; null for nothing.
inline const Json& at(const Json& json, std::string_view pointer) {
  static const Json nothing;
  const Json::json_pointer path{std::string(pointer)};
  return json.contains(path) ? json.at(path) : nothing;
}

inline std::string text_at(const Json& json, std::string_view pointer) {
  const auto& value = at(json, pointer);
  return value.is_string() ? value.get<std::string>() : "";
}

// Google writes whole numbers of 64 bits as text.
inline std::int64_t number_at(const Json& json, std::string_view pointer, std::int64_t otherwise) {
  const auto& value = at(json, pointer);
  if (value.is_number_integer()) {
    return value.get<std::int64_t>();
  }
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    return otherwise;
  }
  const auto& text = value.get_ref<const std::string&>();
  std::size_t read = 0;
  try {
    const auto number = std::stoll(text, &read);
    return read == text.size() ? number : otherwise;
  } catch (const std::exception&) {
    return otherwise;
  }
}

inline bool flag_at(const Json& json, std::string_view pointer) {
  const auto& value = at(json, pointer);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace comments::ops
