// A thin, checked cover over the SQLite C library: the only words the SQLite store uses for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/comment/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace comments::sqlite {

// One prepared statement. Parameters count from 1, columns from 0. One thread at a time.
class Statement {
 public:
  Statement& bind(int index, std::int64_t value);
  // The text must live until the next step() that ends the execution, or reset().
  Statement& bind(int index, std::string_view text);

  // True: a row is there to read. False: done, and ready to be bound and stepped again.
  Result<bool> step();

  // For statements that yield no row.
  Result<void> run();

  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // valid until the next step() or reset()

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_code_ = 0;  // the first failed bind since the last step(), reported by the next one
};

// One connection. One thread at a time. Its statements must be gone before it is.
class Database {
 public:
  enum class Mode { create, read_only };

  // Does not touch the file beyond opening it: a file that is no database is met at the first
  // statement. Foreign locks are waited for up to 5 s.
  static Result<Database> open(const std::string& path, Mode mode);

  // Every statement in `sql`, in order, ignoring rows.
  Result<void> execute(const std::string& sql);

  Result<Statement> prepare(std::string_view sql);

  // The first column of the first row; 0 where there is none.
  Result<std::int64_t> integer(std::string_view sql);

  // Everything, as it is at one moment, in the place of what `to` holds. Others may go on writing.
  Result<void> copy_to(Database& to);

  bool in_transaction() const;

  // Whether the last connection to a database, when it closes, folds the log into it (as it does).
  void checkpoint_on_close(bool yes);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// BEGIN … COMMIT, rolled back unless commit() succeeded. The database must outlive it.
class Transaction {
 public:
  enum class Kind { read, write };

  static Result<Transaction> begin(Database& database, Kind kind);
  ~Transaction();

  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  // After an error the transaction is over, and rolled back.
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace comments::sqlite
