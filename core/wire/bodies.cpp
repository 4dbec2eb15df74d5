#include "core/wire/bodies.h"

#include <iterator>
#include <map>

#include <fmt/format.h>

#include "core/wire/error_table.h"
#include "core/wire/json_text.h"
#include "core/wire/timestamp_text.h"

namespace comments {
namespace {

std::string message_and_status(std::string_view message, std::string_view status) {
  std::string body = R"({"message":)";
  append_json_string(body, message);
  body += R"(,"status":)";
  append_json_string(body, status);
  body += "}\n";
  return body;
}

std::string_view word(bool value) {
  return value ? "true" : "false";
}

}  // namespace

void append_comment(std::string& out, const ContentId& content_id, const Comment& comment,
                    Presentation presentation) {
  out += R"({"comment":)";
  append_json_string(out, comment.comment);
  if (presentation.view == View::full) {
    out += R"(,"content_id":)";
    append_json_string(out, content_id.text());
    out += R"(,"created_at":")";
    out += timestamp_text(comment.created_at);
    out += '"';
  }
  if (presentation.view == View::seed || presentation.emails != EmailVisibility::hidden) {
    out += R"(,"email":)";
    if (presentation.emails == EmailVisibility::raw) {
      append_json_string(out, comment.email);
    } else {
      append_json_string(out, shown_email(comment.email, presentation.emails));
    }
  }
  if (presentation.view == View::full) {
    fmt::format_to(std::back_inserter(out), R"(,"id":{})", comment.id);
  }
  out += '}';
}

std::string list_items(const ContentId& content_id, std::span<const Comment> comments,
                       Presentation presentation) {
  std::string items;
  for (const auto& comment : comments) {
    if (!items.empty()) {
      items += ',';
    }
    append_comment(items, content_id, comment, presentation);
  }
  return items;
}

std::string list_body(const ContentId& content_id, std::span<const Comment> comments,
                      Presentation presentation) {
  return "[" + list_items(content_id, comments, presentation) + std::string(kListEnd);
}

std::string comment_body(const ContentId& content_id, const Comment& comment,
                         EmailVisibility emails) {
  std::string body;
  append_comment(body, content_id, comment, {View::full, emails});
  body += '\n';
  return body;
}

std::string count_body(std::span<const ContentId> content_ids,
                       std::span<const std::int64_t> counts) {
  std::map<std::string_view, std::int64_t> sorted;  // and each id once
  for (std::size_t i = 0; i < content_ids.size(); ++i) {
    sorted.emplace(content_ids[i].text(), counts[i]);
  }
  std::string body = "{";
  for (const auto& [content_id, count] : sorted) {
    if (body.size() > 1) {
      body += ',';
    }
    append_json_string(body, content_id);
    fmt::format_to(std::back_inserter(body), ":{}", count);
  }
  body += "}\n";
  return body;
}

std::string created_body(const ContentId& content_id) {
  return message_and_status("comment created and associated with content_id " + content_id.text(),
                            "SUCCESS");
}

std::string no_thread_body(const ContentId& content_id) {
  return message_and_status(fmt::format("content_id {} not found", content_id.text()),
                            row_of(ErrorCode::not_found).status);
}

std::string error_body(ErrorCode code, std::string_view message, std::string_view request_id) {
  std::string body = R"({"message":)";
  append_json_string(body, message);
  body += R"(,"request_id":)";
  append_json_string(body, request_id);
  body += R"(,"status":)";
  append_json_string(body, row_of(code).status);
  body += "}\n";
  return body;
}

std::string health_body(const HealthBody& health) {
  std::string body = R"({"commit":)";
  append_json_string(body, health.commit);
  fmt::format_to(std::back_inserter(body), R"(,"reads":{},"revision_name":)", word(health.reads));
  append_json_string(body, health.revision_name);
  body += R"(,"status":)";
  append_json_string(body, health.status);
  body += R"(,"version":)";
  append_json_string(body, health.version);
  fmt::format_to(std::back_inserter(body), ",\"writes\":{}}}\n", word(health.writes));
  return body;
}

std::string draft_body(const Draft& draft) {
  std::string body = R"({"comment":)";
  append_json_string(body, draft.comment());
  body += R"(,"content_id":)";
  append_json_string(body, draft.content_id().text());
  body += R"(,"email":)";
  append_json_string(body, draft.email());
  body += "}\n";
  return body;
}

}  // namespace comments
