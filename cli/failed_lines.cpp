#include "cli/failed_lines.h"

#include <fmt/format.h>

#include "core/wire/json_text.h"

namespace comments::cli {

void FailedLines::add(std::int64_t number, std::string_view reason, std::string_view text) {
  if (!file_.is_open()) {
    file_.open(path_, std::ios::binary);
  }
  std::string entry = fmt::format(R"({{"line":{},"reason":)", number);
  append_json_string(entry, reason);
  entry += R"(,"text":)";
  append_json_string(entry, text);
  file_ << entry << "}\n";
  good_ = good_ && file_.good();
}

void FailedLines::close() {
  if (file_.is_open()) {
    file_.close();
    good_ = good_ && file_.good();
  }
}

}  // namespace comments::cli
