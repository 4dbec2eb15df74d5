#include "core/store/idempotency.h"

#include "core/store/store.h"

namespace comments {

KeyAge age_of_key(Timestamp stored_at, Timestamp now) {
  if (stored_at > now) {
    return KeyAge::from_future;
  }
  return now - stored_at < kIdempotencyWindow ? KeyAge::valid : KeyAge::expired;
}

Result<void> check_same_post(const Draft& draft, std::string_view stored_email,
                             std::string_view stored_comment) {
  if (draft.email() == stored_email && draft.comment() == stored_comment) {
    return {};
  }
  return Error{ErrorCode::idempotency_conflict,
               "this Idempotency-Key was used for another comment; use a new key for a new comment",
               {}};
}

}  // namespace comments
