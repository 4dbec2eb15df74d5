#include "core/comment/comments.h"

#include <future>
#include <memory>

#include <fmt/format.h>

namespace comments {

Result<Receipt> post_and_wait(Comments& comments, Draft draft) {
  // Shared, because the answering thread may still be inside set_value() when get() returns.
  auto promise = std::make_shared<std::promise<Result<Receipt>>>();
  auto receipt = promise->get_future();
  comments.post(std::move(draft),
                [promise](Result<Receipt> answer) { promise->set_value(std::move(answer)); });
  return receipt.get();
}

Result<Comment> find(Comments& comments, const ContentId& content_id, std::int64_t id) {
  auto page = comments.list({.content_id = content_id, .after = id - 1, .limit = 1});
  if (!page) {
    return page.error();
  }
  if (page->comments.empty() || page->comments.front().id != id) {
    return Error{ErrorCode::not_found,
                 fmt::format("content_id {} has no comment {}", content_id.text(), id),
                 {}};
  }
  return std::move(page->comments.front());
}

}  // namespace comments
