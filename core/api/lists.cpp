#include "core/api/lists.h"

#include <charconv>

#include <fmt/format.h>

#include "core/api/list_request.h"
#include "core/api/responses.h"
#include "core/wire/bodies.h"
#include "core/wire/etag.h"

namespace comments::api {
namespace {

constexpr std::size_t kMaxCounts = 500;

Presentation presentation_of(const Call& call, View view) {
  return {view, call.options.emails};
}

net::Response cacheable(const Call& call, net::Response response, const std::string& etag) {
  response.headers.emplace_back("Cache-Control", call.options.cache_control);
  response.headers.emplace_back("ETag", etag);
  return response;
}

// Holds one of the few places for long lists; nothing where all are taken.
class LongListPlace {
 public:
  explicit LongListPlace(std::atomic<int>& taken)
      : taken_(taken), granted_(taken_.fetch_add(1) < kMaxLongLists) {}
  ~LongListPlace() { taken_.fetch_sub(1); }
  LongListPlace(const LongListPlace&) = delete;
  LongListPlace& operator=(const LongListPlace&) = delete;

  bool granted() const { return granted_; }

 private:
  std::atomic<int>& taken_;
  const bool granted_;
};

// Everything from `page`, the first, to the end of the thread as it was when that was read: later
// comments have larger ids, so the pages together are one moment.
Result<void> read_on(Store& store, ListQuery query, Page& page) {
  const bool ascending = query.order == Order::ascending;
  query.known.reset();
  query.after = query.after.value_or(0);
  query.before = std::min(query.before.value_or(page.total + 1), page.total + 1);
  for (auto count = page.comments.size(); count == static_cast<std::size_t>(query.limit);) {
    (ascending ? query.after : query.before) = page.comments.back().id;
    auto next = store.list(query);
    if (!next) {
      return next.error();
    }
    count = next->comments.size();
    std::move(next->comments.begin(), next->comments.end(), std::back_inserter(page.comments));
  }
  return {};
}

// A cursor alone means "nearest to it"; of everything, that is a matter of the window only.
ListQuery normalized_whole(ListQuery query) {
  if (query.after && !query.before) {
    query.before = std::numeric_limits<std::int64_t>::max();
  } else if (query.before && !query.after) {
    query.after = 0;
  }
  return query;
}

}  // namespace

net::Response list_comments(const Call& call, std::atomic<int>& long_lists) {
  auto request = parse_list_request(call.target);
  if (!request) {
    return error_response(request.error(), call.request_id);
  }
  auto& query = request->query;
  if (request->whole) {
    query = normalized_whole(query);
  }
  const auto presentation = presentation_of(call, request->view);
  query.known = known_version(call.if_none_match, presentation);
  auto page = call.store.list(query);
  if (!page) {
    return error_response(page.error(), call.request_id);
  }
  if (page->total == 0) {
    return json_response(404, no_thread_body(query.content_id));
  }
  const auto etag = etag_text(page->version, presentation);
  if (page->unchanged) {
    return cacheable(call, {.status = 304}, etag);
  }
  if (request->whole) {
    const auto place =
        page->total > kLongList ? std::make_unique<LongListPlace>(long_lists) : nullptr;
    if (place && !place->granted()) {
      return error_response(
          {ErrorCode::overloaded,
           "too many long lists are being read; retry shortly, or page with ?limit=",
           {}},
          call.request_id);
    }
    if (auto read = read_on(call.store, query, *page); !read) {
      return error_response(read.error(), call.request_id);
    }
  }
  auto response = cacheable(
      call, json_response(200, list_body(query.content_id, page->comments, presentation)), etag);
  response.headers.emplace_back("X-Total-Count", fmt::format("{}", page->total));
  if (auto link = links(*request, *page); !link.empty()) {
    response.headers.emplace_back("Link", std::move(link));
  }
  return response;
}

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
  const auto etag = etag_text({call.store.id(), id}, presentation_of(call, View::full));
  if (known_version(call.if_none_match, presentation_of(call, View::full)) ==
      Version{call.store.id(), id}) {
    return cacheable(call, {.status = 304}, etag);
  }
  return cacheable(
      call, json_response(200, comment_body(*content_id, *comment, call.options.emails)), etag);
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
