// A thin, checked cover over libpq, PostgreSQL's client library: the only words the PostgreSQL
// store uses for it. Every wait has a deadline, but for the resolving of a server's name, which
// libpq does by itself.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/comment/result.h"
#include "core/store/postgres/url.h"

struct pg_conn;
struct pg_result;

namespace comments::postgres {

using Deadline = std::chrono::steady_clock::time_point;

inline Deadline in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// A statement that is used again and again: a connection prepares it when it first meets it. The
// name is the statement: another text needs another name, in every release, for a pooler may show
// one release what another has prepared.
struct Statement {
  std::string_view name;
  std::string_view sql;
};

// One statement with its parameters, in PostgreSQL's text form.
struct Call {
  Statement statement;
  std::vector<std::string> parameters = {};
};

// What one call answered. Rows and columns count from 0.
class Rows {
 public:
  explicit Rows(pg_result* result) : result_(result) {}

  int size() const;
  bool is_null(int row, int column) const;
  std::int64_t integer(int row, int column) const;
  std::string_view text(int row, int column) const;  // valid as long as this object

 private:
  friend class Connection;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

// What is to be done after a failure.
enum class Failure {
  none,
  refused,   // an error that the same again would meet again
  conflict,  // somebody else's transaction was in the way, or a pooler has forgotten our
             // statements: nothing happened, the whole transaction may be tried again
  lost,      // the connection is of no use any more, and nobody knows what became of the calls
};

struct Notification {
  std::string payload;
  int sender = 0;  // the backend, as Connection::backend() names it
};

// Whether statements are prepared. Not behind a pooler that gives each transaction another server,
// with other statements: one connection finds out, for all to the same store.
using Preparing = std::atomic<bool>;

// One session. One thread at a time.
class Connection {
 public:
  // Tries the servers in turn, each for `patience` at most, beginning with the one that `first`
  // names, until `until`; leaves in `first` which one it was.
  static Result<std::unique_ptr<Connection>> open(
      const Url& url, std::chrono::milliseconds patience, Deadline until, std::size_t& first,
      const std::shared_ptr<Preparing>& preparing = std::make_shared<Preparing>(true));

  // Sends all calls in one go and answers with their results in order. The first error ends them
  // all. After an error no transaction is open.
  Result<std::vector<Rows>> run(std::span<const Call> calls, Deadline until);
  Result<std::vector<Rows>> run(std::initializer_list<Call> calls, Deadline until) {
    return run(std::span(calls.begin(), calls.size()), until);
  }

  // Of the last run(), and the SQLSTATE with it ("" where the server said none).
  Failure failure() const { return failure_; }
  const std::string& sql_state() const { return sql_state_; }

  // From here on, what is notified there is kept for take_notifications(); `channel` is a name.
  Result<void> listen(std::string_view channel, Deadline until);

  // What has come without being asked for. False: the connection is lost. Never waits.
  bool take_notifications(std::vector<Notification>& to);

  int backend() const;
  int socket() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  Connection(pg_conn* connection, std::shared_ptr<Preparing> preparing)
      : connection_(connection), preparing_(std::move(preparing)) {}

  bool send(std::span<const Call> calls);
  Result<std::vector<Rows>> receive(std::span<const Call> calls, Deadline until);
  bool flush(Deadline until);
  bool wait_for_result(Deadline until);
  void leave_transaction(Deadline until);
  void drop_notifications();
  Error lose(const std::string& detail);
  Error classify(const pg_result* result);

  std::unique_ptr<pg_conn, Finish> connection_;
  bool listens_ = false;
  const std::shared_ptr<Preparing> preparing_;
  bool prepares_ = true;  // in this run
  std::set<std::string_view> prepared_;
  Failure failure_ = Failure::none;
  std::string sql_state_;
};

}  // namespace comments::postgres
