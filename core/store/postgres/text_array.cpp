#include "core/store/postgres/text_array.h"

#include <fmt/format.h>

namespace comments::postgres {

void TextArray::add(std::string_view element) {
  text_ += is_empty_ ? "{\"" : ",\"";
  is_empty_ = false;
  for (const char byte : element) {
    if (byte == '"' || byte == '\\') {
      text_ += '\\';
    }
    text_ += byte;
  }
  text_ += '"';
}

void TextArray::add(std::int64_t element) {
  text_ += is_empty_ ? "{" : ",";
  is_empty_ = false;
  text_ += fmt::format("{}", element);
}

}  // namespace comments::postgres
