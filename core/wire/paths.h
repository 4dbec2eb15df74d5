// The paths of the contract, percent-encoded, as the client asks for them and links name them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/comment/comment.h"

namespace comments {

inline constexpr std::string_view kNewCommentPath = "/api/comment/new";

std::string list_path(const ContentId& content_id);
std::string comment_path(const ContentId& content_id, std::int64_t id);
std::string stream_path(const ContentId& content_id);
std::string count_path(std::span<const ContentId> content_ids);

}  // namespace comments
