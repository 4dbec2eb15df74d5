// The PostgreSQL store's schema, and the way a database gets there.
#pragma once

#include <span>
#include <string_view>

#include "core/store/migrations.h"
#include "core/store/postgres/connection.h"

namespace comments::postgres {

std::span<const Migration> migrations();

// Makes the database a comment store of the current schema, as prepare_sqlite_schema does a file:
// creates, migrates, or leaves a newer schema alone if that allows it. Where nothing is to be done
// it only reads: an instance needs no right to change tables. Each migration is a transaction with
// its line in the ledger; two processes that start at once take turns (a lock on a row, which every
// engine has). Errors (unavailable) say what the database is and what to do about it.
Result<SchemaState> prepare_schema(Connection& connection, std::span<const Migration> known,
                                   std::string_view release, Deadline until);

}  // namespace comments::postgres
