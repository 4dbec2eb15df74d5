#include "core/api/routes.h"

#include "tests/support/catch.h"

namespace comments::api {
namespace {

// The pattern that takes the request, else what the path allows, else "none".
std::string route(std::string_view method, std::string_view target) {
  const auto parsed = net::parse_target(target);
  const auto found = match(method, parsed->segments);
  if (found.route != nullptr) {
    return std::string(found.route->pattern);
  }
  return found.at_path.empty() ? "none" : "only " + allowed_methods(found);
}

}  // namespace

TEST_CASE("a request finds its route by method and path", "[api]") {
  CHECK(route("POST", "/api/comment/new") == "/api/comment/new");
  CHECK(route("GET", "/api/comment/list/1") == "/api/comment/list/{content_id}");
  CHECK(route("HEAD", "/api/comment/list/1") == "/api/comment/list/{content_id}");
  CHECK(route("GET", "/api/comment/list/1/2") == "/api/comment/list/{content_id}/{id}");
  CHECK(route("GET", "/api/comment/count?content_id=1") == "/api/comment/count");
  CHECK(route("GET", "/") == "/");
  CHECK(route("GET", "/?content_id=1") == "/");
  CHECK(route("GET", "/page/v/page.js") == "/page/{version}/{file}");
}

TEST_CASE("an encoded slash does not move a wall", "[api]") {
  CHECK(route("GET", "/api/comment/list/a%2Fb") == "/api/comment/list/{content_id}");
  CHECK(route("GET", "/api%2Fcomment/list/1") == "none");
}

TEST_CASE("a path of ours with another method says which it takes", "[api]") {
  CHECK(route("GET", "/api/comment/new") == "only POST, OPTIONS");
  CHECK(route("POST", "/api/comment/list/1") == "only GET, HEAD, OPTIONS");
  CHECK(route("OPTIONS", "/health/live") == "only GET, HEAD, OPTIONS");
}

TEST_CASE("no other path is a route", "[api]") {
  for (const auto* target :
       {"//", "/page", "/page/", "/page/1/2/3", "/api", "/api/comment", "/api/comment/list",
        "/api/comment/list/1/2/3", "/api/comment/new/", "//api/comment/new", "/API/comment/new"}) {
    CAPTURE(target);
    CHECK(route("GET", target) == "none");
  }
}

}  // namespace comments::api
