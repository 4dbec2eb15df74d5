// Times as they travel: `YYYY-MM-DDThh:mm:ss.mmmZ` (RFC 3339, UTC, always 24 characters).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/comment/comment.h"

namespace comments {

std::string timestamp_text(Timestamp time);

// nullopt unless `text` has exactly that form.
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace comments
