// Verbs for tests: values that are valid by construction, and what is read back as short text.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "core/comment/comments.h"

namespace comments::tests {

// The value, or a failure of the test that shows the error.
template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error("unexpected error: " + result.error().message + " " +
                             result.error().detail);
  }
  return *std::move(result);
}

inline ContentId content_id(std::string_view text) {
  return must(ContentId::parse(text));
}

inline Draft draft(std::string_view thread, std::string comment, std::string key = "",
                   std::string email = "alice@example.com") {
  return must(Draft::parse(content_id(thread), {.email = std::move(email),
                                                .comment = std::move(comment),
                                                .idempotency_key = std::move(key)}));
}

inline Result<Receipt> post(Comments& comments, Draft draft) {
  return post_and_wait(comments, std::move(draft));
}

inline ListQuery query(std::string_view thread) {
  return {.content_id = content_id(thread)};
}

// The ids of a page, in its order.
inline std::vector<std::int64_t> ids(const Page& page) {
  std::vector<std::int64_t> ids;
  for (const auto& comment : page.comments) {
    ids.push_back(comment.id);
  }
  return ids;
}

inline std::vector<std::string> texts(const Page& page) {
  std::vector<std::string> texts;
  for (const auto& comment : page.comments) {
    texts.push_back(comment.comment);
  }
  return texts;
}

using Ids = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

}  // namespace comments::tests
