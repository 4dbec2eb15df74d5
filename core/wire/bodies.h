// The JSON bodies of the HTTP contract, as the server writes them: keys sorted, no spaces, ASCII
// only, a line feed at the end, like the original's Flask.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/comment/comments.h"
#include "core/wire/view.h"

namespace comments {

// One comment as an element of a list, without line feed.
void append_comment(std::string& out, const ContentId& content_id, const Comment& comment,
                    Presentation presentation);

// A list is `[`, its items with commas between them, and its end.
std::string list_items(const ContentId& content_id, std::span<const Comment> comments,
                       Presentation presentation);
inline constexpr std::string_view kListEnd = "]\n";

std::string list_body(const ContentId& content_id, std::span<const Comment> comments,
                      Presentation presentation);
std::string comment_body(const ContentId& content_id, const Comment& comment,
                         EmailVisibility emails);
std::string count_body(std::span<const ContentId> content_ids,
                       std::span<const std::int64_t> counts);
std::string created_body(const ContentId& content_id);

// The seed's own 404 of a list: byte-exact, without request_id.
std::string no_thread_body(const ContentId& content_id);

std::string error_body(ErrorCode code, std::string_view message, std::string_view request_id);

struct HealthBody {
  std::string_view status;  // READY, STARTING, DRAINING, DEGRADED
  std::string_view version;
  std::string_view commit;
  std::string_view revision_name;
  bool reads = true;   // whether the store answers
  bool writes = true;  // whether it keeps
};
std::string health_body(const HealthBody& health);

// What a client sends to post.
std::string draft_body(const Draft& draft);

}  // namespace comments
