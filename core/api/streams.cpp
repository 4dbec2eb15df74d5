#include "core/api/streams.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/api/responses.h"
#include "core/net/growing_text.h"

namespace comments::api {
namespace {

constexpr std::string_view kHeartbeat = ":\n\n";
constexpr std::string_view kComeBack = "retry: 1000\n\n";

// What one answer catches up with at most. Who has missed more is sent on: the connection ends
// behind it, and the client comes again with the last id it has.
constexpr std::size_t kMaxCatchUp = std::size_t{4} * 1024 * 1024;

// The comment after which to begin; nullopt where that is no number.
std::optional<std::int64_t> begin_of(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && id >= 0 && id < std::numeric_limits<std::int64_t>::max() ? std::optional(id)
                                                                           : std::nullopt;
}

}  // namespace

net::Response follow_comments(const Call& call, Feeds& feeds, Room& room, StreamMetrics& metrics) {
  const auto content_id = content_id_of(call.target);
  if (!content_id) {
    return error_response(content_id.error(), call.request_id);
  }
  // A reconnecting browser sends the header, and repeats the query of its first request.
  const std::string_view asked = !call.last_event_id.empty()
                                     ? std::string_view(call.last_event_id)
                                     : call.target.parameter("after").value_or("");
  const auto begin = begin_of(asked);
  if (!asked.empty() && !begin) {
    return error_response(
        {ErrorCode::bad_request, "Last-Event-ID and after must be the id of a comment", {}},
        call.request_id);
  }

  // First the feed, then the read: what is committed in between is in both, and sent once.
  auto feed = feeds.of(*content_id);
  ListQuery query{.content_id = *content_id, .after = begin.value_or(0), .limit = kPiece};
  if (!begin) {
    query.limit = 1;
  }
  auto page = call.store.list(query);
  if (!page) {
    return error_response(page.error(), call.request_id);
  }
  auto last = begin.value_or(page->total);
  std::string events(kComeBack);
  while (begin && !page->comments.empty() && events.size() < kMaxCatchUp) {
    for (const auto& comment : page->comments) {
      if (events.size() >= kMaxCatchUp) {
        break;
      }
      events += event_text(*content_id, comment, call.options.emails);
      last = comment.id;
    }
    query.after = last;
    page = call.store.list(query);
    if (!page) {
      return error_response(page.error(), call.request_id);
    }
  }
  const auto held = net::GrowingText().plus(std::span(&events, 1), room.bytes);
  if (!held) {
    return error_response(no_room(), call.request_id);
  }
  net::Response response{.content_type = "text/event-stream",
                         .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
                         .shared = held->shared()};
  if (!page->comments.empty() && begin) {
    return response;  // there is more: come again
  }
  feed->begin(std::min(last, page->total));  // whoever asks may name any number
  response.follow = net::Following{.feed = std::move(feed),
                                   .after = last,
                                   .heartbeat = kHeartbeat,
                                   .farewell = kComeBack,
                                   .held = metrics.follower()};
  return response;
}

}  // namespace comments::api
