// Entity tags: `"<store id, 16 hex digits>-<version>[-f][-m|-h][-gz]"`. The suffixes name the
// presentation: f full view, m masked and h hidden e-mails, gz compressed. Strong (RFC 9110,
// section 8.8.3): the same tag on the same target means the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/comment/comments.h"
#include "core/wire/view.h"

namespace comments {

// With its quotes.
std::string etag_text(Version version, Presentation presentation);

// The version in a tag of any presentation; nullopt where it is not one of ours.
std::optional<Version> parse_etag(std::string_view tag);

// Whether an If-None-Match header names that tag, or any (RFC 9110, section 13.1.2).
bool is_known(std::string_view if_none_match, std::string_view etag);

}  // namespace comments
