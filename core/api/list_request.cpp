#include "core/api/list_request.h"

#include <charconv>

#include <fmt/format.h>

#include "core/api/call.h"
#include "core/wire/paths.h"

namespace comments::api {
namespace {

Error bad(std::string message) {
  return {ErrorCode::bad_request, std::move(message), {}};
}

// The whole text as a decimal number within the bounds.
std::optional<std::int64_t> number_in(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < min || number > max) {
    return std::nullopt;
  }
  return number;
}

// Leaves `number` alone where there is no such parameter; false where it is no number in bounds.
template <class Number>
bool read_number(const net::Target& target, std::string_view name, std::int64_t min,
                 std::int64_t max, std::optional<Number>& number) {
  const auto text = target.parameter(name);
  if (!text) {
    return true;
  }
  const auto read = number_in(*text, min, max);
  if (read) {
    number = static_cast<Number>(*read);
  }
  return read.has_value();
}

}  // namespace

Result<ListRequest> parse_list_request(const net::Target& target) {
  constexpr auto kMaxId = std::numeric_limits<std::int64_t>::max() - 1;
  auto content_id = content_id_of(target);
  if (!content_id) {
    return content_id.error();
  }
  ListRequest request{.query = {.content_id = *std::move(content_id)}};
  std::optional<int> limit;
  if (!read_number(target, "limit", 1, kMaxPageLimit, limit)) {
    return bad(fmt::format("limit must be a number from 1 to {}", kMaxPageLimit));
  }
  request.whole = !limit;
  request.query.limit = limit.value_or(kMaxPageLimit);
  if (!read_number(target, "after", 0, kMaxId, request.query.after) ||
      !read_number(target, "before", 0, kMaxId, request.query.before)) {
    return bad("after and before must be the ids of comments: numbers from 0");
  }
  const auto order = target.parameter("order").value_or("asc");
  if (order != "asc" && order != "desc") {
    return bad("order must be asc or desc");
  }
  request.query.order = order == "desc" ? Order::descending : Order::ascending;
  const auto view = target.parameter("view").value_or("seed");
  if (view != "seed" && view != "full") {
    return bad("view must be full, or left out");
  }
  request.view = view == "full" ? View::full : View::seed;
  return request;
}

std::string links(const ListRequest& request, const Shown& shown) {
  if (request.whole || shown.first == 0) {
    return {};
  }
  const bool ascending = request.query.order == Order::ascending;
  const auto [first, last, total] = shown;
  std::string links;
  const auto add = [&](std::string_view cursor, std::int64_t id, std::string_view relation) {
    fmt::format_to(std::back_inserter(links), "{}<{}?limit={}&{}={}{}{}>; rel=\"{}\"",
                   links.empty() ? "" : ", ", list_path(request.query.content_id),
                   request.query.limit, cursor, id, ascending ? "" : "&order=desc",
                   request.view == View::full ? "&view=full" : "", relation);
  };
  if (ascending ? last < total : last > 1) {
    add(ascending ? "after" : "before", last, "next");
  }
  if (ascending ? first > 1 : first < total) {
    add(ascending ? "before" : "after", first, "prev");
  }
  return links;
}

}  // namespace comments::api
