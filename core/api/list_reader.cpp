#include "core/api/list_reader.h"

#include <algorithm>
#include <limits>

#include "core/api/list_form.h"
#include "core/wire/bodies.h"

namespace comments::api {
namespace {

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

// A cursor alone means "nearest to it"; of everything, that is a matter of the window only.
ListQuery whole(ListQuery query) {
  if (query.after && !query.before) {
    query.before = std::numeric_limits<std::int64_t>::max();
  } else if (query.before && !query.after) {
    query.after = 0;
  }
  return query;
}

// What comes after the comment `last` in the window, in the thread as it was when it had `total`:
// later comments have larger ids, so that all pages together show one moment.
ListQuery next(ListQuery query, std::int64_t total, std::int64_t last) {
  query.after = query.after.value_or(0);
  query.before = std::min(query.before.value_or(total + 1), total + 1);
  (query.order == Order::ascending ? query.after : query.before) = last;
  return query;
}

}  // namespace

Result<SharedList> ListReader::read(const ListRequest& request, const SharedList& earlier) {
  const bool grows = earlier && earlier->status == 200 && form_of(request, false).grows();
  const auto known = grows ? earlier->total : 0;  // how many comments need not be read
  auto query = request.query;
  if (grows) {
    query.after = known;
  }
  if (request.whole) {
    query = whole(query);
  }
  if (earlier && earlier->status == 200) {
    query.known = earlier->version;
  }
  auto first = store_.list(query);
  if (!first) {
    return first.error();
  }
  if (first->unchanged) {
    return earlier;
  }
  if (first->total == 0) {
    return share(make_no_thread(query.content_id));
  }
  if (grows && (first->version.store != earlier->version.store || first->total < known)) {
    return read(request, nullptr);  // the database was exchanged behind us
  }
  const bool is_long = request.whole && first->total - known > kLongList;
  const auto place = is_long ? std::make_unique<LongListPlace>(long_lists_) : nullptr;
  if (place && !place->granted()) {
    return Error{ErrorCode::overloaded,
                 "too many long lists are being read; retry shortly, or page with ?limit=",
                 {}};
  }
  query.known.reset();
  std::string text = grows ? "" : "[";
  const auto add = [&](const std::vector<Comment>& comments) {
    text += comments.empty() || text == "[" ? "" : ",";
    text += list_items(query.content_id, comments, {request.view, options_.emails});
    return request.whole && comments.size() == static_cast<std::size_t>(query.limit)
               ? std::optional(comments.back().id)
               : std::nullopt;
  };
  for (auto last = add(first->comments); last;) {
    query = next(query, first->total, *last);
    const auto page = store_.list(query);
    if (!page) {
      return page.error();
    }
    last = add(page->comments);
  }
  return share(make_list(request, grows ? earlier->text.plus(text) : net::GrowingText(text), *first,
                         options_));
}

}  // namespace comments::api
