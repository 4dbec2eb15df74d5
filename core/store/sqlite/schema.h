// The SQLite store's schema, and the way a file gets there.
#pragma once

#include <cstdint>
#include <string>

#include "core/comment/result.h"
#include "core/store/migrations.h"
#include "core/store/sqlite/database.h"

namespace comments {

// Makes the file behind `database` a comment store of the current schema: creates an empty one,
// migrates an older one, leaves a newer one alone if it states that this release may work on it.
// Two processes that start at once do not collide. Errors (unavailable)
// say what the file is and what to do about it; the file is then untouched.
Result<SchemaState> prepare_sqlite_schema(sqlite::Database& database, const std::string& path);

}  // namespace comments
