// The lines of an archive file: NDJSON, one header, a line for each comment, one trailer. Each
// comment has exactly one form, so that equal contents are equal bytes.
//
//   {"comments_archive":1,"release":"0.1.0"}
//   {"comment":"…","content_id":"1","created_at":"…Z","email":"…","id":1,"key":"…","key_stored_at":"…Z"}
//   {"comments":1,"sha256":"…","threads":1}
//
// `key` and `key_stored_at` only where the comment has an idempotency key. The checksum is over the
// comments' lines with their line feeds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/comment/archived.h"
#include "core/comment/result.h"

namespace comments {

inline constexpr int kArchiveFormat = 1;

struct ArchiveTrailer {
  std::int64_t comments = 0;
  std::int64_t threads = 0;
  std::string sha256;  // 64 hexadecimal digits

  bool operator==(const ArchiveTrailer&) const = default;
};

// With their line feeds.
std::string archive_header(std::string_view release);
std::string archive_line(const ArchivedComment& archived);
std::string archive_trailer(const ArchiveTrailer& trailer);

// Without the line feed. bad_request says what is wrong with the line.
Result<void> check_archive_header(std::string_view line);
bool is_archive_trailer(std::string_view line);
Result<ArchivedComment> parse_archive_line(std::string_view line);
Result<ArchiveTrailer> parse_archive_trailer(std::string_view line);

}  // namespace comments
