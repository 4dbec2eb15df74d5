// The room that answers have in memory: long ones are refused before they push others out.
#pragma once

#include "core/api/options.h"
#include "core/comment/result.h"
#include "core/net/budget.h"

namespace comments::api {

// A list larger than this is a big one. Of those that the cache does not keep, only kMaxBigLists
// are there at a time, from their making until the last reader has them.
inline constexpr std::size_t kBigList = std::size_t{1} * 1024 * 1024;
inline constexpr std::size_t kMaxBigLists = 2;

// What is read from the store in one piece: so few comments that the largest, with every character
// escaped (120 KB), are a few MiB. A longer list is read piece by piece.
inline constexpr int kPiece = 64;

// Safe for concurrent use.
struct Room {
  explicit Room(const CacheLimits& limits) : bytes(limits.max_bytes + limits.bytes_beside) {}

  net::Budget bytes;  // of all lists, kept or not, and of events that somebody catches up with
  net::Budget big_lists{kMaxBigLists};
};

inline Error no_room() {
  return {ErrorCode::overloaded,
          "too many long answers are on their way; retry shortly, or page with ?limit=",
          {}};
}

}  // namespace comments::api
