#include "core/wire/archive_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/wire/bodies.h"
#include "core/wire/json_text.h"
#include "core/wire/timestamp_text.h"

namespace comments {
namespace {

using nlohmann::json;

Error bad(std::string message) {
  return {ErrorCode::bad_request, std::move(message), {}};
}

// The object in a line; null where there is none. What is nested deeper is left out unread.
json object_in(std::string_view line) {
  auto value = json::parse(
      line.begin(), line.end(),
      [](int depth, json::parse_event_t /*event*/, json& /*value*/) { return depth <= 1; }, false);
  return value.is_object() ? value : json();
}

std::string text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t number_at(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

}  // namespace

std::string archive_header(std::string_view release) {
  return fmt::format("{{\"comments_archive\":{},\"release\":\"{}\"}}\n", kArchiveFormat, release);
}

std::string archive_line(const ArchivedComment& archived) {
  std::string line;
  append_comment(line, archived.content_id, archived.comment, {View::full, EmailVisibility::raw});
  if (!archived.key.empty()) {
    line.pop_back();
    line += ",\"key\":";
    append_json_string(line, archived.key);
    line += fmt::format(",\"key_stored_at\":\"{}\"}}", timestamp_text(archived.key_stored_at));
  }
  line += '\n';
  return line;
}

std::string archive_trailer(const ArchiveTrailer& trailer) {
  return fmt::format("{{\"comments\":{},\"sha256\":\"{}\",\"threads\":{}}}\n", trailer.comments,
                     trailer.sha256, trailer.threads);
}

Result<void> check_archive_header(std::string_view line) {
  const auto format = number_at(object_in(line), "comments_archive");
  if (format < 1) {
    return bad("the file does not begin as an archive does; make one with: comments export FILE");
  }
  if (format > kArchiveFormat) {
    return bad(
        fmt::format("the archive has format {}, and this release reads up to {}; import it "
                    "with the release that made it, or a later one",
                    format, kArchiveFormat));
  }
  return {};
}

bool is_archive_trailer(std::string_view line) {
  return line.starts_with("{\"comments\":");
}

Result<ArchivedComment> parse_archive_line(std::string_view line) {
  const auto object = object_in(line);
  auto content_id = ContentId::parse(text_at(object, "content_id"));
  const auto created_at = parse_timestamp(text_at(object, "created_at"));
  const auto id = number_at(object, "id");
  const auto key = text_at(object, "key");
  const auto key_stored_at = parse_timestamp(text_at(object, "key_stored_at"));
  if (!content_id || !created_at || id < 1 || (!key.empty() && !key_stored_at)) {
    return bad("the line is no archived comment");
  }
  auto draft = Draft::parse(*content_id, {.email = text_at(object, "email"),
                                          .comment = text_at(object, "comment"),
                                          .idempotency_key = key});
  if (!draft) {
    return draft.error();
  }
  return ArchivedComment{*std::move(content_id),
                         {id, draft->email(), draft->comment(), *created_at},
                         key,
                         key_stored_at.value_or(Timestamp())};
}

Result<ArchiveTrailer> parse_archive_trailer(std::string_view line) {
  const auto object = object_in(line);
  ArchiveTrailer trailer{.comments = number_at(object, "comments"),
                         .threads = number_at(object, "threads"),
                         .sha256 = text_at(object, "sha256")};
  if (trailer.comments < 0 || trailer.threads < 0 || trailer.sha256.size() != 64) {
    return bad("the archive's last line is damaged");
  }
  return trailer;
}

}  // namespace comments
