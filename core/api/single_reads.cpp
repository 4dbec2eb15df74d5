#include "core/api/single_reads.h"

#include <charconv>

#include <fmt/format.h>

#include "core/api/responses.h"
#include "core/wire/bodies.h"
#include "core/wire/etag.h"

namespace comments::api {
namespace {

constexpr std::size_t kMaxCounts = 500;

}  // namespace

net::Response get_comment(const Call& call) {
  auto content_id = content_id_of(call.target);
  if (!content_id) {
    return error_response(content_id.error(), call.request_id);
  }
  const auto& text = call.target.segments.at(4);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1) {
    return error_response({ErrorCode::bad_request, "a comment's id is a number from 1", {}},
                          call.request_id);
  }
  const auto comment = find(call.store, *content_id, id);
  if (!comment) {
    return error_response(comment.error(), call.request_id);
  }
  // A comment never changes, so that its own id is all its tag needs.
  const auto etag = etag_text({call.store.id(), id}, {View::full, call.options.emails});
  auto response =
      is_known(call.if_none_match, etag)
          ? net::Response{.status = 304}
          : json_response(200, comment_body(*content_id, *comment, call.options.emails));
  response.headers.emplace_back("Cache-Control", call.options.cache_control);
  response.headers.emplace_back("ETag", etag);
  return response;
}

net::Response count_comments(const Call& call) {
  std::vector<ContentId> content_ids;
  for (const auto& [name, value] : call.target.query) {
    if (name == "content_id") {
      auto content_id = ContentId::parse(value);
      if (!content_id) {
        return error_response(content_id.error(), call.request_id);
      }
      content_ids.push_back(*std::move(content_id));
    }
  }
  if (content_ids.empty() || content_ids.size() > kMaxCounts) {
    return error_response(
        {ErrorCode::bad_request,
         fmt::format("name 1 to {} threads: ?content_id=1&content_id=2", kMaxCounts),
         {}},
        call.request_id);
  }
  const auto counts = call.store.count(content_ids);
  if (!counts) {
    return error_response(counts.error(), call.request_id);
  }
  auto response = json_response(200, count_body(content_ids, *counts));
  response.headers.emplace_back("Cache-Control", call.options.cache_control);
  return response;
}

}  // namespace comments::api
