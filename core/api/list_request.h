// What a list's target asks for, and the links from its answer to the neighbouring pages.
#pragma once

#include <string>

#include "core/comment/comments.h"
#include "core/net/target.h"
#include "core/wire/view.h"

namespace comments::api {

struct ListRequest {
  ListQuery query;
  bool whole = false;  // no limit was given: everything the cursors leave
  View view = View::seed;
};

// bad_request names the parameter and its rule. Parameters we do not know are ignored.
Result<ListRequest> parse_list_request(const net::Target& target);

// Which comments a list shows: the first and the last of it, in its own order; 0, 0: none.
struct Shown {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t total = 0;  // in the whole thread
};

// The value of a Link header (RFC 8288): path-absolute `next` and `prev`, in the direction of the
// list's order. "" where there is no neighbour.
std::string links(const ListRequest& request, const Shown& shown);

}  // namespace comments::api
