// Keeping comments. A Store is Comments plus what only an owner of the data can say.
//
// Every store promises, beyond the contract of Comments:
//   - ids are given inside the transaction that stores the comment: 1, 2, 3 … per thread, no gaps;
//   - a post that was answered with a Receipt survives as the store's own header says;
//   - a post that was answered with an Error left nothing behind, with one exception: unavailable,
//     where the disk failed in the middle of a commit, means that nobody knows;
//   - memory is bounded: what waits to be written is refused (overloaded) beyond a limit.
// Safe for concurrent use. The destructor answers every post that is still waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/comment/clock.h"
#include "core/comment/comments.h"

namespace comments {

// Whether the store works, as far as it knows from its last attempts. Never blocks.
struct StoreHealth {
  bool reads = true;
  bool writes = true;

  bool operator==(const StoreHealth&) const = default;
};

// What a commit added to a thread.
struct Committed {
  ContentId content_id;
  Version version;                // of the thread, with these comments in it
  std::vector<Comment> comments;  // in the order of their ids; empty: somebody else's commit, of
                                  // which no more is known
};

class Store : public Comments {
 public:
  using Observer = std::function<void(const Committed&)>;

  // From here on, `observer` is told of every commit of this object: after it is durable and before
  // its posts are answered, a thread's commits in their order. Of what others write to the same
  // database it is told late, or never, and between ids that it is told of there may be theirs. It
  // runs on a thread of the store, on one at a time: it must be quick, and must not throw or call
  // the store. One observer at a time; nullptr: none. When this returns, the one before is no
  // longer running.
  virtual void observe(Observer observer) = 0;

  // Drawn at random when the store was created; part of every Version.
  virtual std::uint64_t id() const = 0;

  virtual StoreHealth health() const = 0;
};

// How long a store remembers an idempotency key.
inline constexpr std::chrono::hours kIdempotencyWindow{24};

}  // namespace comments
