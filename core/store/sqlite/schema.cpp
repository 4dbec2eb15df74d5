#include "core/store/sqlite/schema.h"

#include <array>

#include <fmt/format.h>

#include "core/comment/random.h"
#include "core/store/migrations.h"
#include "core/store/store.h"
#include "core/version.h"

namespace comments {
namespace {

using sqlite::Database;
using sqlite::Transaction;

constexpr std::int64_t kApplicationId = 0x434D4E54;  // "CMNT", in the header of the file

// WITHOUT ROWID clusters a table by its primary key: a page of a thread is one range of the tree.
constexpr std::array kMigrations{
    Migration{1, "comments", "0.1.0", R"sql(
      CREATE TABLE store (
        id INTEGER NOT NULL,
        probe BLOB NOT NULL DEFAULT x''  -- what a disk that was full is tried with
      ) STRICT;
      CREATE TABLE contents (
        content_id TEXT NOT NULL PRIMARY KEY,
        last_seq INTEGER NOT NULL,
        count INTEGER NOT NULL,
        version INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE comments (
        content_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        email TEXT NOT NULL,
        comment TEXT NOT NULL,
        created_at INTEGER NOT NULL,  -- milliseconds since 1970, UTC
        PRIMARY KEY (content_id, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE idempotency_keys (
        content_id TEXT NOT NULL,
        key TEXT NOT NULL,
        seq INTEGER NOT NULL,
        stored_at INTEGER NOT NULL,
        PRIMARY KEY (content_id, key)
      ) STRICT, WITHOUT ROWID;
    )sql"},
};

Error refused(std::string message) {
  return {ErrorCode::unavailable, std::move(message), {}};
}

Result<void> apply(Database& database, const Migration& migration) {
  if (auto done = database.execute(std::string(migration.sql)); !done) {
    return done;
  }
  auto ledger = database.prepare(
      "INSERT INTO migrations (number, name, compatible_from, applied_at) VALUES (?1, ?2, ?3, ?4)");
  if (!ledger) {
    return ledger.error();
  }
  return ledger->bind(1, migration.number)
      .bind(2, migration.name)
      .bind(3, migration.compatible_from)
      .bind(4, system_now().time_since_epoch().count())
      .run();
}

// The ledger of an empty file; what is there already is somebody's, and must be ours.
Result<void> ensure_ledger(Database& database, const std::string& path) {
  auto application_id = database.integer("PRAGMA application_id");
  if (!application_id) {
    return application_id.error();
  }
  if (*application_id == kApplicationId) {
    return {};
  }
  auto tables = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) {
    return tables.error();
  }
  if (*application_id != 0 || *tables != 0) {
    return refused(fmt::format(
        "{} is the SQLite database of another program; name another file with --store", path));
  }
  return database.execute(
      fmt::format("PRAGMA application_id = {};"
                  "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                  "  compatible_from TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
                  kApplicationId));
}

Result<std::vector<AppliedMigration>> read_ledger(Database& database) {
  auto lines = database.prepare("SELECT number, compatible_from FROM migrations ORDER BY number");
  if (!lines) {
    return lines.error();
  }
  std::vector<AppliedMigration> applied;
  for (;;) {
    auto row = lines->step();
    if (!row) {
      return row.error();
    }
    if (!*row) {
      return applied;
    }
    applied.push_back({static_cast<int>(lines->integer(0)), std::string(lines->text(1))});
  }
}

Result<std::uint64_t> store_id(Database& database) {
  auto rows = database.integer("SELECT count(*) FROM store");
  if (!rows) {
    return rows.error();
  }
  if (*rows == 0) {
    auto insert = database.prepare("INSERT INTO store (id) VALUES (?1)");
    if (!insert) {
      return insert.error();
    }
    if (auto done = insert->bind(1, static_cast<std::int64_t>(random_number())).run(); !done) {
      return done.error();
    }
  }
  auto id = database.integer("SELECT id FROM store");
  if (!id) {
    return id.error();
  }
  return static_cast<std::uint64_t>(*id);
}

}  // namespace

Result<SchemaState> prepare_sqlite_schema(Database& database, const std::string& path) {
  // One write transaction around it all: the second of two processes waits, then finds it done.
  auto transaction = Transaction::begin(database, Transaction::Kind::write);
  if (!transaction) {
    return transaction.error();
  }
  if (auto ledger = ensure_ledger(database, path); !ledger) {
    return ledger.error();
  }
  auto applied = read_ledger(database);
  if (!applied) {
    return applied.error();
  }
  auto pending = pending_migrations(kMigrations, *applied, kVersion, path);
  if (!pending) {
    return pending.error();
  }
  SchemaState state{.before = applied->empty() ? 0 : applied->back().number};
  state.now = state.before;
  for (const auto& migration : *pending) {
    if (auto done = apply(database, migration); !done) {
      return done.error();
    }
    state.now = migration.number;
  }
  auto id = store_id(database);
  if (!id) {
    return id.error();
  }
  if (auto committed = transaction->commit(); !committed) {
    return committed.error();
  }
  state.store_id = *id;
  return state;
}

}  // namespace comments
