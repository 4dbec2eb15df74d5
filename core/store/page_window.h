// Which ids a ListQuery means, worked out once for every store.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/comment/comments.h"

namespace comments {

// The ids in the open interval (after, before), counted from one of its ends.
struct PageWindow {
  std::int64_t after = 0;
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  bool from_end = false;  // take the last `limit` of them, not the first
};

inline PageWindow window_of(const ListQuery& query) {
  PageWindow window;
  window.after = query.after.value_or(window.after);
  window.before = query.before.value_or(window.before);
  const bool only_after = query.after && !query.before;
  const bool only_before = query.before && !query.after;
  window.from_end = query.order == Order::descending ? !only_after : only_before;
  return window;
}

// Comments that were read from the end of the window inwards (or from its beginning) → as asked.
inline void put_in_order(const ListQuery& query, std::vector<Comment>& comments) {
  const bool read_descending = window_of(query).from_end;
  if (read_descending != (query.order == Order::descending)) {
    std::reverse(comments.begin(), comments.end());
  }
}

}  // namespace comments
