// One comment with everything that a store keeps of it: what travels between stores.
#pragma once

#include <string>

#include "core/comment/comment.h"

namespace comments {

struct ArchivedComment {
  ContentId content_id;
  Comment comment;
  std::string key = {};  // its idempotency key; empty: none
  Timestamp key_stored_at = {};

  bool operator==(const ArchivedComment&) const = default;
};

}  // namespace comments
