// The service as any caller sees it. The stores implement it, and so does the HTTP client: the
// same contract suite (tests/contract) runs against all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/comment/comment.h"
#include "core/comment/result.h"

namespace comments {

// Which state of which thread an answer shows. `store` is drawn at random when a store is created,
// so that versions of a store that was replaced or restored never compare equal to new ones.
struct Version {
  std::uint64_t store = 0;
  std::int64_t number = 0;  // grows by one with every change of the thread; 0: nothing yet

  bool operator==(const Version&) const = default;
};

enum class Order { ascending, descending };

inline constexpr int kMaxPageLimit = 1'000;

// One page of a thread. With a cursor, the page holds the comments nearest to it on the asked side:
// `after` alone, those that follow; `before` alone, those that lead up to it. With neither, an
// ascending page starts at the beginning and a descending one at the end; with both, the same ends
// of the window between them. `order` is the order in which the page lists them.
struct ListQuery {
  ContentId content_id;
  std::optional<std::int64_t> after = {};   // only ids > after
  std::optional<std::int64_t> before = {};  // only ids < before
  int limit = kMaxPageLimit;                // 1 to kMaxPageLimit
  Order order = Order::ascending;
  // If the thread is still at this version, the answer is `unchanged` and carries no comments.
  std::optional<Version> known = {};
};

struct Page {
  Version version;
  // Comments in the whole thread, and so the id of its last one; 0: nobody has commented yet.
  std::int64_t total = 0;
  std::vector<Comment> comments;
  bool unchanged = false;  // only the version is filled in
};

struct Receipt {
  std::int64_t id = 0;    // the comment's place in its thread
  Version version;        // of the thread, with this comment in it
  bool replayed = false;  // the idempotency key had been used: nothing was stored now
};

// Safe for concurrent use.
class Comments {
 public:
  // Called exactly once, on any thread, possibly before post() returns. Must not block or throw.
  using Posted = std::function<void(Result<Receipt>)>;

  virtual ~Comments() = default;

  // Adds the draft to the end of its thread. A Receipt means that it is kept, durably, as the
  // implementation's own header defines it. Errors:
  //   unavailable, overloaded  nothing was stored, or (disk or connection lost) nobody knows:
  //                            post again with the same idempotency key
  //   idempotency_conflict     the key was used in this thread, within 24 h of server time, with
  //                            another e-mail or comment
  // The same key with the same e-mail and comment stores nothing and answers the first receipt.
  virtual void post(Draft draft, Posted posted) = 0;

  // A consistent page: comments, total and version belong to one moment. A thread without comments
  // is an empty page, not an error.
  virtual Result<Page> list(const ListQuery& query) = 0;

  // How many comments each thread has, in the order asked; O(1) each.
  virtual Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) = 0;
};

// post() for a caller that has a thread to wait with.
Result<Receipt> post_and_wait(Comments& comments, Draft draft);

// One comment by its id; not_found where the thread has none such.
Result<Comment> find(Comments& comments, const ContentId& content_id, std::int64_t id);

}  // namespace comments
