// The vocabulary: what a comment is, and what may become one.
//
// ContentId and Draft exist only in valid form: whoever holds one need not check again. All types
// here are plain values; const use from several threads is safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/comment/result.h"

namespace comments {

inline constexpr std::size_t kMaxContentIdBytes = 200;
inline constexpr std::size_t kMaxEmailBytes = 254;  // RFC 5321, section 4.5.3.1 (erratum 1690)
inline constexpr std::size_t kMaxCommentCodePoints = 10'000;
inline constexpr std::size_t kMaxIdempotencyKeyBytes = 255;

// Server time, in the precision that is stored and shown.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// The name of an article's thread: 1-200 bytes of UTF-8 without `/` or control characters.
class ContentId {
 public:
  static Result<ContentId> parse(std::string_view text);

  const std::string& text() const { return text_; }

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 for a pointer
  auto operator<=>(const ContentId&) const = default;

 private:
  explicit ContentId(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

// A comment that somebody wants to add to a thread.
class Draft {
 public:
  struct Fields {
    std::string email;    // one `@`, text on both sides, no white space or control characters
    std::string comment;  // 1-10,000 code points, not only white space, no NUL; kept exactly
    std::string idempotency_key = {};  // 1-255 visible ASCII characters; empty: none
  };
  // bad_request, or too_large where a limit is exceeded; the message names the field and the rule.
  static Result<Draft> parse(ContentId content_id, Fields fields);

  const ContentId& content_id() const { return content_id_; }
  const std::string& email() const { return fields_.email; }
  const std::string& comment() const { return fields_.comment; }
  const std::string& idempotency_key() const { return fields_.idempotency_key; }

 private:
  Draft(ContentId content_id, Fields fields)
      : content_id_(std::move(content_id)), fields_(std::move(fields)) {}

  ContentId content_id_;
  Fields fields_;
};

// A comment that was accepted. `id` is its place in its thread: 1, 2, 3 … without gaps, in the
// order of acceptance, never changed.
struct Comment {
  std::int64_t id = 0;
  std::string email;
  std::string comment;
  Timestamp created_at;

  bool operator==(const Comment&) const = default;
};

}  // namespace comments
