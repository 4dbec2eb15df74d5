#include "core/api/list_reader.h"

#include <algorithm>
#include <limits>

#include "core/api/list_form.h"
#include "core/api/list_pieces.h"
#include "core/store/page_window.h"
#include "core/wire/bodies.h"

namespace comments::api {
namespace {

// Whether the first comments that a store finds for the query are the first of the list.
bool begins_at_its_beginning(const ListQuery& query) {
  return window_of(query).from_end == (query.order == Order::descending);
}

// The same comments, at most `limit`, by both ends of their window; so they can be read piece by
// piece in the list's order. Ids have no gaps, and later comments have larger ones: all pieces
// together show the thread as it was when it had `total`.
ListQuery by_both_ends(ListQuery query, std::int64_t limit, std::int64_t total) {
  const auto window = window_of(query);
  const auto last = std::min(window.before - 1, total);
  const auto first = std::min(window.after, last) + 1;
  const auto count = std::min(limit, last + 1 - first);
  query.after = window.from_end ? last - count : first - 1;
  query.before = *query.after + count + 1;
  query.limit = kPiece;
  query.known.reset();
  return query;
}

}  // namespace

Result<SharedList> ListReader::read(const ListRequest& request, const SharedList& earlier) {
  const bool grows = earlier && earlier->status == 200 && form_of(request, false).grows();
  const auto limit = request.whole ? std::numeric_limits<std::int64_t>::max() : request.query.limit;
  auto query = request.query;
  query.limit = std::min(query.limit, kPiece);
  if (grows) {
    query.after = earlier->total;
  }
  if (earlier && earlier->status == 200) {
    query.known = earlier->version;
  }
  auto page = store_.list(query);
  if (!page) {
    return page.error();
  }
  if (page->unchanged) {
    return earlier;
  }
  if (page->total == 0) {
    return share(make_no_thread(query.content_id));
  }
  if (grows && (page->version.store != earlier->version.store || page->total < earlier->total)) {
    return read(request, nullptr);  // the database was exchanged behind us
  }
  const auto version = page->version;
  Shown shown{.total = page->total};

  const bool from_the_wrong_end = limit > kPiece && !begins_at_its_beginning(query);
  query = by_both_ends(query, limit, shown.total);
  if (from_the_wrong_end) {
    page = store_.list(query);
  }
  ListPieces pieces(room_, grows);
  for (; page && !page->comments.empty(); page = store_.list(query)) {
    const auto& comments = page->comments;
    if (!pieces.add(list_items(query.content_id, comments, {request.view, options_.emails}))) {
      return no_room();
    }
    shown.first = shown.first == 0 ? comments.front().id : shown.first;
    shown.last = comments.back().id;
    (query.order == Order::ascending ? query.after : query.before) = shown.last;
    if (*query.after + 1 >= *query.before) {
      break;
    }
  }
  if (!page) {
    return page.error();
  }
  auto text = pieces.behind(grows ? earlier->text : net::GrowingText());
  if (!text) {
    return no_room();
  }
  auto list = make_list(request, *std::move(text), version, shown, options_);
  if (list.text.view().size() > kBigList && !options_.cache.keeps(list.memory())) {
    list.place = pieces.take_place();
    if (!list.place) {
      return no_room();
    }
  }
  return share(std::move(list));
}

}  // namespace comments::api
