// The store in one SQLite file: the default, for one machine.
//
// A post that was answered with a Receipt is on disk (write-ahead log, synchronous=FULL): it
// survives kill -9 and a power cut. While the disk cannot be written, posts are refused with
// unavailable, reads go on, and the store recovers by itself within a second of the disk.
#pragma once

#include <memory>
#include <string>

#include "core/store/group_commit.h"
#include "core/store/migrations.h"
#include "core/store/store.h"

namespace comments {

struct SqliteOptions {
  std::string path;
  std::size_t readers = 4;  // connections for reads, opened as needed
  GroupCommit::Options group_commit = {};
};

// Creates the file or brings its schema up to date, and no more. Errors as below.
Result<SchemaState> migrate_sqlite(const std::string& path);

// Creates the file or brings its schema up to date. The error's message names the file, what is
// wrong with it, and the remedy.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options,
                                                 Clock clock = system_now);

}  // namespace comments
