#include "core/api/list_request.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::api {
namespace {

using tests::must;

Result<ListRequest> parse(std::string_view query) {
  return parse_list_request(*net::parse_target("/api/comment/list/1" + std::string(query)));
}

std::string fault(std::string_view query) {
  const auto request = parse(query);
  return request ? "none" : request.error().message;
}

// Links of a page that shows these ids of a thread of ten.
std::string links_of(std::string_view query, const std::vector<std::int64_t>& shown) {
  return links(must(parse(query)),
               shown.empty() ? Shown{.total = 10}
                             : Shown{.first = shown.front(), .last = shown.back(), .total = 10});
}

}  // namespace

TEST_CASE("without parameters, a list is everything in the seed's view", "[api]") {
  const auto request = must(parse(""));
  CHECK(request.whole);
  CHECK(request.view == View::seed);
  CHECK(request.query.order == Order::ascending);
}

TEST_CASE("each parameter is read", "[api]") {
  const auto request = must(parse("?limit=50&after=3&before=9&order=desc&view=full&unknown=x"));
  CHECK_FALSE(request.whole);
  CHECK(request.query.limit == 50);
  CHECK(request.query.after == 3);
  CHECK(request.query.before == 9);
  CHECK(request.query.order == Order::descending);
  CHECK(request.view == View::full);
}

TEST_CASE("a bad value is named with its rule", "[api]") {
  for (const auto* limit : {"0", "1001", "-1", "x", "", "1x", "99999999999999999999"}) {
    CHECK(fault("?limit=" + std::string(limit)) == "limit must be a number from 1 to 1000");
  }
  CHECK(fault("?limit=1000") == "none");
  CHECK(fault("?after=-1") == "after and before must be the ids of comments: numbers from 0");
  CHECK(fault("?before=x") == "after and before must be the ids of comments: numbers from 0");
  CHECK(fault("?order=up") == "order must be asc or desc");
  CHECK(fault("?view=tiny") == "view must be full, or left out");
}

TEST_CASE("links lead to the neighbouring pages in the list's own direction", "[api]") {
  CHECK(links_of("?limit=3", {1, 2, 3}) == R"(</api/comment/list/1?limit=3&after=3>; rel="next")");
  CHECK(links_of("?limit=3&after=3", {4, 5, 6}) ==
        R"(</api/comment/list/1?limit=3&after=6>; rel="next", )"
        R"(</api/comment/list/1?limit=3&before=4>; rel="prev")");
  CHECK(links_of("?limit=3&order=desc&view=full", {10, 9, 8}) ==
        R"(</api/comment/list/1?limit=3&before=8&order=desc&view=full>; rel="next")");
  CHECK(links_of("?limit=3&order=desc&before=4", {3, 2, 1}) ==
        R"(</api/comment/list/1?limit=3&after=3&order=desc>; rel="prev")");
}

TEST_CASE("a whole list and an empty page have no neighbours", "[api]") {
  CHECK(links_of("", {1, 2, 3}).empty());
  CHECK(links_of("?limit=3&after=10", {}).empty());
}

}  // namespace comments::api
