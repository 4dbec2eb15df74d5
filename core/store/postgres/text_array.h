// Many values as one parameter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace comments::postgres {

// An array in PostgreSQL's text form, for `unnest($1::text[])`.
class TextArray {
 public:
  void add(std::string_view element);
  void add(std::int64_t element);
  std::string take() { return std::move(text_) + (is_empty_ ? "{}" : "}"); }

 private:
  std::string text_;
  bool is_empty_ = true;
};

}  // namespace comments::postgres
