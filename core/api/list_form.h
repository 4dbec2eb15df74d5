// What distinguishes the lists of one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "core/api/list_request.h"

namespace comments::api {

// The canonical query, and the coding.
struct ListForm {
  std::optional<std::int64_t> after;
  std::optional<std::int64_t> before;
  int limit = 0;  // 0: the whole list
  bool descending = false;
  bool full = false;
  bool gzip = false;

  // Whether a later state of this list begins with this state's text.
  bool grows() const { return limit == 0 && !descending && !after && !before; }

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 for a pointer
  auto operator<=>(const ListForm&) const = default;
};

inline ListForm form_of(const ListRequest& request, bool gzip) {
  return {.after = request.query.after,
          .before = request.query.before,
          .limit = request.whole ? 0 : request.query.limit,
          .descending = request.query.order == Order::descending,
          .full = request.view == View::full,
          .gzip = gzip};
}

}  // namespace comments::api
