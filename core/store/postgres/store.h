// The store in a database that speaks PostgreSQL's protocol: for as many instances as one likes,
// which hold no state of their own.
//
// A post that was answered with a Receipt is committed: it survives any instance, and the primary
// where a synchronous standby exists. While the database is out of reach, posts and reads are
// refused: the first ones when their patience is at its end, then at once, until it answers again.
// Reads go to the primary: what any instance has acknowledged is read by all.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/store/group_commit.h"
#include "core/store/migrations.h"
#include "core/store/postgres/session.h"
#include "core/store/store.h"

namespace comments {

struct PostgresOptions {
  std::string url;
  std::string password = {};  // that the URL leaves out
  std::size_t readers = 4;    // connections for reads, opened as needed; one more writes, and one
                              // listens to what other instances tell
  postgres::Patience patience = {};
  GroupCommit::Options group_commit = {.idle_every = std::chrono::milliseconds(100)};
};

// Brings the database's schema up to date, and no more. The error's message says what is wrong and
// the remedy.
Result<SchemaState> migrate_postgres(const std::string& url, const std::string& password = {});

// As migrate_postgres, and then the store.
Result<std::unique_ptr<Store>> open_postgres_store(const PostgresOptions& options,
                                                   Clock clock = system_now);

}  // namespace comments
