// What a batch of drafts does to a store, worked out without one: the part of a commit that every
// database has in common. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/comment/comments.h"

namespace comments {

// The state of one thread.
struct ThreadHead {
  std::int64_t last_seq = 0;
  std::int64_t count = 0;
  std::int64_t version = 0;

  bool operator==(const ThreadHead&) const = default;
};

// What was stored with an idempotency key.
struct KnownKey {
  std::int64_t seq = 0;
  Timestamp stored_at;
  std::string email;
  std::string comment;
};

// What a batch has to know of the threads and keys that it names. The names belong to its drafts.
struct BatchState {
  using Key = std::pair<std::string_view, std::string_view>;  // content_id, idempotency key

  std::map<std::string_view, ThreadHead> heads;  // what is not here has no comments yet
  std::map<Key, KnownKey> keys;                  // what is not here was never used
};

struct BatchPlan {
  struct NewComment {
    const Draft* draft = nullptr;
    std::int64_t seq = 0;
  };
  struct KeptKey {
    const Draft* draft = nullptr;
    std::int64_t seq = 0;
  };

  std::vector<Result<Receipt>> answers;  // one a draft, in their order
  // To be written, in one transaction:
  std::vector<NewComment> comments;  // created now
  std::vector<KeptKey> keys;         // new or to be dated anew: stored now
  std::vector<std::pair<std::string_view, ThreadHead>> heads;
};

// `drafts` must outlive the plan.
BatchPlan plan_batch(std::span<const Draft> drafts, BatchState before, std::uint64_t store_id,
                     Timestamp now);

}  // namespace comments
