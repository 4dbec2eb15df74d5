#include "core/api/list_form.h"
#include "core/api/routes.h"
#include "tests/fuzz/target.h"

using comments::fuzz::must_hold;

// A request target, and the list that it may ask for.
FUZZ_TARGET(target) {
  const auto parsed = comments::net::parse_target(input);
  must_hold(parsed.has_value() <= input.starts_with('/'), "a target begins with a slash");
  if (!parsed) {
    return;
  }
  must_hold(!parsed->segments.empty(), "a target has a segment");
  const auto match = comments::api::match("GET", parsed->segments);
  if (match.route == nullptr || match.route->endpoint != comments::api::Endpoint::list_comments) {
    return;
  }
  const auto request = comments::api::parse_list_request(*parsed);
  if (!request) {
    must_hold(!request.error().message.empty(), "a refusal says why");
    return;
  }
  must_hold(request->query.limit >= 1 && request->query.limit <= comments::kMaxPageLimit,
            "a limit is within its bounds");
  must_hold(request->query.after.value_or(0) >= 0 && request->query.before.value_or(0) >= 0,
            "a cursor is an id");

  // The links of a page lead to lists of the same thread, in the same form.
  const auto links = comments::api::links(*request, {.first = 4, .last = 5, .total = 9});
  const auto end = links.find('>');
  if (end != links.npos) {
    const auto next = comments::net::parse_target(links.substr(1, end - 1));
    must_hold(next.has_value(), "a link is a target");
    const auto again = comments::api::parse_list_request(*next);
    must_hold(again && again->query.content_id == request->query.content_id &&
                  again->query.limit == request->query.limit && again->view == request->view,
              "a link asks for the same list");
  }
}
