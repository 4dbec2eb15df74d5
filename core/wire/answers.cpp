#include "core/wire/answers.h"

#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/wire/bodies.h"
#include "core/wire/error_table.h"
#include "core/wire/timestamp_text.h"

namespace comments {
namespace {

using nlohmann::json;

Error strange_answer() {
  return {ErrorCode::unavailable,
          "the answer is not that of a comments service; check --url and the proxies on the way",
          {}};
}

// A body from a stranger may nest without end: refuse depth while parsing.
json parse_flat(std::string_view body) {
  constexpr int kMaxDepth = 4;
  bool too_deep = false;
  const auto parsed = json::parse(
      body.begin(), body.end(),
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      false);
  return too_deep ? json(json::value_t::discarded) : parsed;
}

std::optional<std::string> string_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    return std::nullopt;
  }
  return found->get<std::string>();
}

std::optional<bool> bool_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_boolean()) {
    return std::nullopt;
  }
  return found->get<bool>();
}

std::optional<Comment> comment_of(const json& object) {
  if (!object.is_object()) {
    return std::nullopt;
  }
  const auto id = object.find("id");
  const auto comment = string_at(object, "comment");
  const auto created_at = parse_timestamp(string_at(object, "created_at").value_or(""));
  if (id == object.end() || !id->is_number_integer() || !comment || !created_at) {
    return std::nullopt;
  }
  return Comment{id->get<std::int64_t>(), string_at(object, "email").value_or(""), *comment,
                 *created_at};
}

}  // namespace

Result<std::vector<Comment>> parse_list(std::string_view body) {
  const auto parsed = parse_flat(body);
  if (!parsed.is_array()) {
    return strange_answer();
  }
  std::vector<Comment> comments;
  comments.reserve(parsed.size());
  for (const auto& element : parsed) {
    auto comment = comment_of(element);
    if (!comment) {
      return strange_answer();
    }
    comments.push_back(*std::move(comment));
  }
  return comments;
}

Result<Comment> parse_comment(std::string_view body) {
  auto comment = comment_of(parse_flat(body));
  if (!comment) {
    return strange_answer();
  }
  return *std::move(comment);
}

Result<std::vector<std::int64_t>> parse_counts(std::string_view body,
                                               std::span<const ContentId> content_ids) {
  const auto parsed = parse_flat(body);
  if (!parsed.is_object()) {
    return strange_answer();
  }
  std::vector<std::int64_t> counts;
  for (const auto& content_id : content_ids) {
    const auto found = parsed.find(content_id.text());
    if (found == parsed.end() || !found->is_number_integer()) {
      return strange_answer();
    }
    counts.push_back(found->get<std::int64_t>());
  }
  return counts;
}

Result<Health> parse_health(std::string_view body) {
  const auto parsed = parse_flat(body);
  if (!parsed.is_object()) {
    return strange_answer();
  }
  auto status = string_at(parsed, "status");
  auto version = string_at(parsed, "version");
  auto commit = string_at(parsed, "commit");
  auto revision_name = string_at(parsed, "revision_name");
  const auto reads = bool_at(parsed, "reads");
  const auto writes = bool_at(parsed, "writes");
  if (!status || !version || !commit || !revision_name || !reads || !writes) {
    return strange_answer();
  }
  return Health{*std::move(status),
                *std::move(version),
                *std::move(commit),
                *std::move(revision_name),
                *reads,
                *writes};
}

Error parse_error(int http_status, std::string_view body) {
  const auto parsed = parse_flat(body);
  const auto text = [&](const char* key) {
    return parsed.is_object() ? string_at(parsed, key).value_or("") : std::string();
  };
  auto message = text("message");
  if (message.empty()) {
    message = fmt::format("the server answered HTTP {}", http_status);
  }
  const auto request_id = text("request_id");
  return {error_code_of(text("status"), http_status), std::move(message),
          request_id.empty() ? "" : "request_id " + request_id};
}

bool is_no_thread(const ContentId& content_id, std::string_view body) {
  return body == no_thread_body(content_id);
}

}  // namespace comments
