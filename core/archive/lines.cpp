#include "core/archive/lines.h"

#include <fmt/format.h>

namespace comments::archive {

Error Lines::at_line(const Error& error) const {
  return {error.code, fmt::format("line {}: {}", number_, error.message), error.detail};
}

// The next line of the file, which must not end before its trailer.
Result<std::string> Lines::line() {
  std::string text;
  ++number_;
  if (!std::getline(in_, text)) {
    return Error{ErrorCode::bad_request,
                 fmt::format("the archive ends at line {} without its last line: it is incomplete; "
                             "export it again",
                             number_ - 1),
                 {}};
  }
  return text;
}

Result<std::optional<ArchivedComment>> Lines::next() {
  if (number_ == 0) {
    const auto header = line();
    if (!header) {
      return header.error();
    }
    if (const auto good = check_archive_header(*header); !good) {
      return good.error();
    }
  }
  const auto text = line();
  if (!text) {
    return text.error();
  }
  if (is_archive_trailer(*text)) {
    const auto trailer = parse_archive_trailer(*text);
    if (!trailer) {
      return at_line(trailer.error());
    }
    trailer_ = tally_.finish();
    if (trailer_ != *trailer) {
      return Error{
          ErrorCode::bad_request,
          fmt::format("the archive is damaged: it says {} comments, sha256 {}, and has {}, "
                      "sha256 {}; export it again",
                      trailer->comments, trailer->sha256, trailer_.comments, trailer_.sha256),
          {}};
    }
    return std::optional<ArchivedComment>();
  }
  auto archived = parse_archive_line(*text);
  if (!archived) {
    return at_line(archived.error());
  }
  tally_.add(*archived, *text + '\n');
  return std::optional(*std::move(archived));
}

}  // namespace comments::archive
