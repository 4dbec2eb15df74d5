#include "core/store/postgres/schema.h"

#include <array>
#include <thread>

#include <fmt/format.h>

#include "core/comment/clock.h"
#include "core/comment/random.h"

namespace comments::postgres {
namespace {

// What every engine with PostgreSQL's protocol has: no advisory locks, no sequences, no triggers.
// content_id comes first in every key, so that an engine that shards can do so by thread.
// `writers` holds, for each writing instance, the number of its last committed batch: it tells who
// lost the answer to a COMMIT whether it happened (COMMENTS.md, D19).
constexpr std::array kMigrations{
    Migration{1, "comments", "0.1.0", R"sql(
      CREATE TABLE store (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        id bigint NOT NULL
      );
      CREATE TABLE contents (
        content_id text PRIMARY KEY,
        last_seq bigint NOT NULL,
        count bigint NOT NULL,
        version bigint NOT NULL
      );
      CREATE TABLE comments (
        content_id text NOT NULL,
        seq bigint NOT NULL,
        email text NOT NULL,
        comment text NOT NULL,
        created_at bigint NOT NULL,
        PRIMARY KEY (content_id, seq)
      );
      CREATE TABLE idempotency_keys (
        content_id text NOT NULL,
        key text NOT NULL,
        seq bigint NOT NULL,
        stored_at bigint NOT NULL,
        PRIMARY KEY (content_id, key)
      );
      CREATE TABLE writers (
        id bigint PRIMARY KEY,
        batch bigint NOT NULL,
        seen_at bigint NOT NULL
      )
    )sql"},
};

constexpr int kAttempts = 50;
constexpr std::chrono::milliseconds kPause{20};
constexpr int kLockLine = 0;  // in the ledger: the row that who migrates holds

Error refused(std::string message) {
  return {ErrorCode::unavailable, std::move(message), {}};
}

std::vector<Call> calls_of(std::string_view sql) {
  std::vector<Call> calls;
  while (!sql.empty()) {
    const auto end = sql.find(';');
    calls.push_back({{"", sql.substr(0, end)}});
    sql = end == std::string_view::npos ? "" : sql.substr(end + 1);
  }
  return calls;
}

struct Ledger {
  bool exists = false;
  std::vector<AppliedMigration> applied;

  int last() const { return applied.empty() ? 0 : applied.back().number; }
};

Result<Ledger> read_ledger(Connection& connection, Deadline until) {
  auto tables = connection.run(
      {{{"",
         "SELECT table_name FROM information_schema.tables WHERE table_schema = "
         "current_schema() AND table_name IN ('comments_migrations', 'comments', 'contents',"
         " 'idempotency_keys', 'store', 'writers')"
         " ORDER BY table_name"}}},
      until);
  if (!tables) {
    return tables.error();
  }
  const auto& names = tables->front();
  Ledger ledger;
  for (int row = 0; row < names.size(); ++row) {
    ledger.exists = ledger.exists || names.text(row, 0) == "comments_migrations";
  }
  if (!ledger.exists) {
    if (names.size() > 0) {
      return refused(fmt::format(
          "the database has a table `{}` of another program; name another database with "
          "--store",
          names.text(0, 0)));
    }
    return ledger;
  }
  auto lines =
      connection.run({{{"",
                        "SELECT number, compatible_from FROM comments_migrations WHERE number > 0"
                        " ORDER BY number"}}},
                     until);
  if (!lines) {
    return lines.error();
  }
  for (int row = 0; row < lines->front().size(); ++row) {
    ledger.applied.push_back({static_cast<int>(lines->front().integer(row, 0)),
                              std::string(lines->front().text(row, 1))});
  }
  return ledger;
}

Result<void> check_encoding(Connection& connection, Deadline until) {
  auto encoding = connection.run({{{"", "SHOW server_encoding"}}}, until);
  if (!encoding) {
    return encoding.error();
  }
  const auto name = std::string(encoding->front().text(0, 0));
  if (name != "UTF8" && name != "UTF-8") {
    return refused(fmt::format(
        "the database is encoded in {}, and comments are UTF-8; create one with: CREATE DATABASE "
        "comments ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0",
        name));
  }
  return {};
}

Result<void> create_ledger(Connection& connection, Deadline until) {
  auto done = connection.run(
      {{{"",
         "CREATE TABLE IF NOT EXISTS comments_migrations (number bigint PRIMARY KEY,"
         " name text NOT NULL, compatible_from text NOT NULL, applied_at bigint NOT NULL)"}},
       {{"ledger_lock_1",
         "INSERT INTO comments_migrations VALUES ($1, 'lock', '0.0.0', 0)"
         " ON CONFLICT (number) DO NOTHING"},
        {fmt::format("{}", kLockLine)}}},
      until);
  return done ? Result<void>() : done.error();
}

// One migration, unless somebody else has applied it meanwhile.
Result<void> apply(Connection& connection, const Migration& migration, Deadline until) {
  const auto number = fmt::format("{}", migration.number);
  auto locked = connection.run(
      {{{"", "BEGIN"}},
       {{"ledger_hold_1", "SELECT number FROM comments_migrations WHERE number = $1 FOR UPDATE"},
        {fmt::format("{}", kLockLine)}}},
      until);
  if (!locked) {
    return locked.error();
  }
  auto there = connection.run(
      {{{"ledger_find_1", "SELECT number FROM comments_migrations WHERE number = $1"}, {number}}},
      until);
  if (!there) {
    return there.error();
  }
  std::vector<Call> calls;
  if (there->front().size() == 0) {
    calls = calls_of(migration.sql);
    calls.push_back({{"ledger_add_1", "INSERT INTO comments_migrations VALUES ($1, $2, $3, $4)"},
                     {number, std::string(migration.name), std::string(migration.compatible_from),
                      fmt::format("{}", system_now().time_since_epoch().count())}});
  }
  calls.push_back({{"", "COMMIT"}});
  auto done = connection.run(calls, until);
  return done ? Result<void>() : done.error();
}

// Two that create the same table at once meet in the catalogue: unique_violation, duplicate_table,
// duplicate_object, tuple concurrently updated (XX000). The second try finds it there.
bool is_worth_a_second_try(const Connection& connection) {
  const auto& state = connection.sql_state();
  return connection.failure() == Failure::conflict || state == "23505" || state == "42P07" ||
         state == "42710" || state == "XX000";
}

Result<std::uint64_t> store_id(Connection& connection, Deadline until) {
  const Call read{{"", "SELECT id FROM store"}};
  auto rows = connection.run({read}, until);
  if (rows && rows->front().size() == 0) {
    rows = connection.run(
        {{{"store_add_1", "INSERT INTO store (id) VALUES ($1) ON CONFLICT DO NOTHING"},
          {fmt::format("{}", static_cast<std::int64_t>(random_number()))}}},
        until);
    if (rows) {
      rows = connection.run({read}, until);
    }
  }
  if (!rows) {
    return rows.error();
  }
  return static_cast<std::uint64_t>(rows->front().integer(0, 0));
}

// One try: what is missing, and then the state.
Result<SchemaState> prepare(Connection& connection, std::span<const Migration> known,
                            std::string_view release, Deadline until) {
  auto ledger = read_ledger(connection, until);
  if (!ledger) {
    return ledger.error();
  }
  auto pending = pending_migrations(known, ledger->applied, release, "the database");
  if (!pending) {
    return pending.error();
  }
  SchemaState state{.before = ledger->last(), .now = ledger->last()};
  if (!pending->empty()) {
    if (auto created = create_ledger(connection, until); !created) {
      return created.error();
    }
  }
  for (const auto& migration : *pending) {
    if (auto done = apply(connection, migration, until); !done) {
      return done.error();
    }
    state.now = migration.number;
  }
  auto id = store_id(connection, until);
  if (!id) {
    return id.error();
  }
  state.store_id = *id;
  return state;
}

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

Result<SchemaState> prepare_schema(Connection& connection, std::span<const Migration> known,
                                   std::string_view release, Deadline until) {
  if (auto encoded = check_encoding(connection, until); !encoded) {
    return encoded.error();
  }
  for (int attempt = 1;; ++attempt) {
    auto state = prepare(connection, known, release, until);
    if (state || attempt == kAttempts || !is_worth_a_second_try(connection) ||
        std::chrono::steady_clock::now() > until) {
      return state;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace comments::postgres
