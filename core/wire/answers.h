// The server's answers, as the client reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/comment/comments.h"

namespace comments {

// A list in the full view; an address that the server hides comes out empty.
// An answer of another shape is `unavailable`: that is not our server, or not its version.
Result<std::vector<Comment>> parse_list(std::string_view body);

// One comment in the full view.
Result<Comment> parse_comment(std::string_view body);

Result<std::vector<std::int64_t>> parse_counts(std::string_view body,
                                               std::span<const ContentId> content_ids);

// What /health/… says.
struct Health {
  std::string status;  // READY, STARTING, DRAINING, DEGRADED
  std::string version;
  std::string commit;
  std::string revision_name;
  bool reads = false;   // whether the store answers
  bool writes = false;  // whether it keeps
};
Result<Health> parse_health(std::string_view body);

// Any answer that is not the one hoped for.
Error parse_error(int http_status, std::string_view body);

// Whether a 404 is the seed's "this thread has no comments", not some other server's not-found.
bool is_no_thread(const ContentId& content_id, std::string_view body);

}  // namespace comments
