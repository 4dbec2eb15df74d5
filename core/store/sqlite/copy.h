// A copy of a SQLite store: a backup, taken while it is being served, or a backup put back.
#pragma once

#include <cstdint>
#include <string>

#include "core/comment/result.h"

namespace comments {

struct SqliteCopy {
  std::int64_t comments = 0;
  std::int64_t threads = 0;
};

// Makes `to`, which must not exist, a copy of `from` as it is at one moment: one file, checked
// (SQLite's integrity check; counts and ids agree with the comments), and on the disk before it has
// its name. Others may read and write `from` meanwhile. The copy is another store, with an id of
// its own: once it is put in the first one's place, nothing that readers have kept of that one's
// later states may count as known. bad_request where `from` is missing or `to` is there;
// unavailable where `from` cannot be read or `to` not be written, internal where the copy is
// damaged; there is no `to` then.
Result<SqliteCopy> copy_sqlite(const std::string& from, const std::string& to);

}  // namespace comments
