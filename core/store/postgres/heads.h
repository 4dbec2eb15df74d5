// The threads' heads: locking, reading and writing them, as every transaction that adds comments
// does.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/batch_plan.h"
#include "core/store/postgres/connection.h"

namespace comments::postgres {

using Heads = std::map<std::string_view, ThreadHead>;

// Two calls, the second of which answers with the heads: a head for each thread, made where it is
// missing, and locked until the transaction's end. Everybody locks in the same order, so that
// nobody waits for each other; and who has the lock sees, from the next statement on, everything
// that was committed to the thread.
std::vector<Call> hold_heads(const std::set<std::string_view>& threads);

// What such a call answered, by the names that `threads` owns.
Heads heads_of(const Rows& rows, const std::set<std::string_view>& threads);

// One call, which answers with the heads as it leaves them: made where they are missing, moved on
// by so many comments each, and locked as above. Cheaper than locking first and moving then, for
// who knows how many comments will most likely come.
Call advance_heads(const std::map<std::string_view, std::int64_t>& comments);

// Before that.
Heads heads_before(Heads advanced, const std::map<std::string_view, std::int64_t>& comments);

Call put_heads(std::span<const std::pair<std::string_view, ThreadHead>> heads);

}  // namespace comments::postgres
