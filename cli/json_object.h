// JSON as commands print it: objects made member by member, keys in the order they are given.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/wire/json_text.h"

namespace comments::cli {

class JsonObject {
 public:
  JsonObject& json(std::string_view key, std::string_view value) {
    text_ += text_.empty() ? '{' : ',';
    append_json_string(text_, key);
    text_ += ':';
    text_ += value;
    return *this;
  }

  JsonObject& number(std::string_view key, std::optional<double> value) {
    const bool known = value && std::isfinite(*value);
    return json(key, known ? fmt::format("{}", *value) : "null");
  }

  JsonObject& flag(std::string_view key, bool value) { return json(key, value ? "true" : "false"); }

  // "" is null.
  JsonObject& string(std::string_view key, std::string_view value) {
    if (value.empty()) {
      return json(key, "null");
    }
    std::string quoted;
    append_json_string(quoted, value);
    return json(key, quoted);
  }

  std::string text() const { return text_ + '}'; }

 private:
  std::string text_;
};

// An array of the texts that `json_of` makes of each of `values`.
template <class Values, class JsonOf>
std::string json_array(const Values& values, const JsonOf& json_of) {
  std::string text = "[";
  for (const auto& value : values) {
    text += text.size() > 1 ? "," : "";
    text += json_of(value);
  }
  return text + "]";
}

}  // namespace comments::cli
