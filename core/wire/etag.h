// Entity tags: `"<store id, 16 hex digits>-<version>[-f][-m|-h]"`. The suffixes name the
// presentation: f full view, m masked and h hidden e-mails. Strong (RFC 9110, section 8.8.3): the
// same tag on the same target means the same bytes.
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

// The version that an If-None-Match header says the caller has in this presentation; nullopt if
// none. (A list may name several of ours; the first counts. `*` matches no particular version.)
std::optional<Version> known_version(std::string_view if_none_match, Presentation presentation);

}  // namespace comments
