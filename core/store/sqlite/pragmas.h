// The settings of our SQLite connections. https://www.sqlite.org/pragma.html
#pragma once

#include "core/store/sqlite/database.h"

namespace comments {

// synchronous=FULL flushes the write-ahead log at every commit: without it, a power cut loses every
// post since the last checkpoint. The rest makes a damaged file an error instead of a surprise.
inline Result<void> set_writer_pragmas(sqlite::Database& database) {
  return database.execute(
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 4000;"      // pages: 16 MiB, then the log is folded back
      "PRAGMA journal_size_limit = 67108864;"  // and a log that had to grow is cut to 64 MiB
      "PRAGMA cell_size_check = ON;"
      "PRAGMA trusted_schema = OFF;");
}

inline Result<void> set_reader_pragmas(sqlite::Database& database) {
  return database.execute(
      "PRAGMA query_only = ON;"
      "PRAGMA cell_size_check = ON;"
      "PRAGMA trusted_schema = OFF;");
}

}  // namespace comments
