#include "core/store/sqlite/database.h"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace comments::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5'000;

// The one place where SQLite's codes become ours. https://www.sqlite.org/rescode.html
Error error_of(int code, std::string detail) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {ErrorCode::unavailable,
              "the comment store is full: nothing was stored; retry when space has been freed",
              std::move(detail)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable, "the comment store is locked by another process; retry",
              std::move(detail)};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:  // our statements are constant: a schema that does not fit them is damaged
      return {ErrorCode::unavailable, "the comment store is damaged; restore it from a backup",
              std::move(detail)};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
      return {ErrorCode::unavailable, "the comment store cannot be reached at the moment; retry",
              std::move(detail)};
    default:
      return {ErrorCode::internal, "the comment store failed", std::move(detail)};
  }
}

Error error_of(sqlite3* database) {
  const auto code = sqlite3_extended_errcode(database);
  return error_of(code, fmt::format("SQLite {}: {}", code, sqlite3_errmsg(database)));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
  const auto code = sqlite3_bind_int64(statement_.get(), index, value);
  bind_code_ = bind_code_ != SQLITE_OK ? bind_code_ : code;
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  const auto code = sqlite3_bind_text(statement_.get(), index, text.data(),
                                      static_cast<int>(text.size()), SQLITE_STATIC);
  bind_code_ = bind_code_ != SQLITE_OK ? bind_code_ : code;
  return *this;
}

Result<bool> Statement::step() {
  if (const auto code = std::exchange(bind_code_, SQLITE_OK); code != SQLITE_OK) {
    reset();
    return error_of(code, fmt::format("SQLite {}: binding failed", code));
  }
  const auto code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = error_of(sqlite3_db_handle(statement_.get()));
  reset();
  return error;
}

Result<void> Statement::run() {
  for (;;) {
    auto row = step();
    if (!row) {
      return row.error();
    }
    if (!*row) {
      return {};
    }
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<Database> Database::open(const std::string& path, Mode mode) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (mode == Mode::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  const auto code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) {
    return handle == nullptr ? error_of(code, "SQLite is out of memory") : error_of(handle);
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error_of(database_.get());
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error_of(database_.get());
  }
  return Statement(statement);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return statement.error();
  }
  auto row = statement->step();
  if (!row) {
    return row.error();
  }
  return *row ? statement->integer(0) : 0;
}

void Database::checkpoint_on_close(bool yes) {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, yes ? 0 : 1, nullptr);
}

Result<void> Database::copy_to(Database& to) {
  auto* copy = sqlite3_backup_init(to.database_.get(), "main", database_.get(), "main");
  if (copy == nullptr) {
    return error_of(to.database_.get());
  }
  const auto stepped = sqlite3_backup_step(copy, -1);  // in one go: one moment
  const auto finished = sqlite3_backup_finish(copy);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) {
    const auto code = finished != SQLITE_OK ? finished : stepped;
    return error_of(code, fmt::format("SQLite {}: {}", code, sqlite3_errstr(code)));
  }
  return {};
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  if (auto begun = database.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun) {
    return begun.error();
  }
  return Transaction(database);
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; a second ROLLBACK would only complain.
  if (database_ != nullptr && database_->in_transaction()) {
    (void)database_->execute("ROLLBACK");
  }
}

Result<void> Transaction::commit() {
  auto committed = database_->execute("COMMIT");
  if (committed) {
    database_ = nullptr;
  }
  return committed;
}

}  // namespace comments::sqlite
