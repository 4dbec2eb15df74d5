#include "core/comment/comment.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/comment/text.h"

namespace comments {
namespace {

Error bad(std::string message) {
  return {ErrorCode::bad_request, std::move(message), {}};
}

Error too_large(std::string message) {
  return {ErrorCode::too_large, std::move(message), {}};
}

// What a field's rule says about one code point; an empty answer is consent.
using CharacterRule = std::string_view (*)(char32_t);

// nullopt where every code point of valid UTF-8 is fine, else what to tell the caller.
std::optional<std::string> fault_in(std::string_view field, std::string_view text,
                                    CharacterRule rule) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c) {
      return fmt::format("{} must be valid UTF-8", field);
    }
    if (const auto fault = rule(*c); !fault.empty()) {
      return fmt::format("{} must not contain {}", field, fault);
    }
  }
  return std::nullopt;
}

std::string_view content_id_rule(char32_t c) {
  if (c == U'/') {
    return "'/'";
  }
  return is_control(c) ? "control characters" : "";
}

std::string_view email_rule(char32_t c) {
  return is_control(c) || is_white_space(c) ? "spaces or control characters" : "";
}

Result<void> check_email(std::string_view email) {
  if (email.size() > kMaxEmailBytes) {
    return too_large(fmt::format("email has at most {} bytes", kMaxEmailBytes));
  }
  if (const auto fault = fault_in("email", email, email_rule)) {
    return bad(*fault);
  }
  const auto at = email.find('@');
  if (at == std::string_view::npos || email.find('@', at + 1) != std::string_view::npos ||
      at == 0 || at + 1 == email.size()) {
    return bad("email must look like name@example.com: one @ with text on both sides");
  }
  return {};
}

Result<void> check_comment(std::string_view comment) {
  std::size_t length = 0;
  bool blank = true;
  for (auto rest = comment; !rest.empty(); ++length) {
    const auto c = take_code_point(rest);
    if (!c) {
      return bad("comment must be valid UTF-8");
    }
    if (*c == 0) {
      return bad("comment must not contain NUL characters");
    }
    blank = blank && is_white_space(*c);
  }
  if (blank) {
    return bad("comment must not be blank");
  }
  if (length > kMaxCommentCodePoints) {
    return too_large(fmt::format("comment has at most {} characters, this one has {}",
                                 kMaxCommentCodePoints, length));
  }
  return {};
}

Result<void> check_idempotency_key(std::string_view key) {
  if (key.size() > kMaxIdempotencyKeyBytes ||
      !std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; })) {
    return bad(fmt::format("Idempotency-Key must be 1 to {} visible ASCII characters",
                           kMaxIdempotencyKeyBytes));
  }
  return {};
}

}  // namespace

Result<ContentId> ContentId::parse(std::string_view text) {
  if (text.empty()) {
    return bad("content_id must not be empty");
  }
  if (text.size() > kMaxContentIdBytes) {
    return too_large(fmt::format("content_id has at most {} bytes", kMaxContentIdBytes));
  }
  if (const auto fault = fault_in("content_id", text, content_id_rule)) {
    return bad(*fault);
  }
  return ContentId(std::string(text));
}

Result<Draft> Draft::parse(ContentId content_id, Fields fields) {
  if (auto email = check_email(fields.email); !email) {
    return email.error();
  }
  if (auto comment = check_comment(fields.comment); !comment) {
    return comment.error();
  }
  if (auto key = check_idempotency_key(fields.idempotency_key); !key) {
    return key.error();
  }
  return Draft(std::move(content_id), std::move(fields));
}

}  // namespace comments
