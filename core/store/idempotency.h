// What an idempotency key that was seen before means, the same for every store.
#pragma once

#include "core/comment/comment.h"
#include "core/comment/result.h"

namespace comments {

enum class KeyAge {
  valid,
  expired,      // older than kIdempotencyWindow: as if never seen
  from_future,  // the clock has gone back since: valid, and to be re-dated to now, so that a clock
                // that was wrong once cannot keep a key for years
};

KeyAge age_of_key(Timestamp stored_at, Timestamp now);

// Whether `draft` is the post that was stored with its key: idempotency_conflict if it is not.
Result<void> check_same_post(const Draft& draft, std::string_view stored_email,
                             std::string_view stored_comment);

}  // namespace comments
