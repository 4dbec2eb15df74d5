#include "core/store/postgres/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <libpq-fe.h>
#include <poll.h>
#include <utility>

#include <fmt/format.h>

#include "core/store/postgres/sql_state.h"

namespace comments::postgres {
namespace {

constexpr std::string_view kUnreachable = "the comment store cannot be reached; retry shortly";
constexpr std::string_view kFailed = "the comment store failed; retry shortly";

std::string one_line(std::string_view text) {
  std::string line(text);
  while (line.ends_with('\n')) {
    line.pop_back();
  }
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

int milliseconds_until(Deadline until) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

// Whether the socket became ready before the deadline.
bool wait_for(int socket, short events, Deadline until) {
  for (;;) {
    pollfd waiting{.fd = socket, .events = events, .revents = 0};
    const auto left = milliseconds_until(until);
    const auto ready = poll(&waiting, 1, left);
    if (ready > 0) {
      return true;
    }
    if ((ready < 0 && errno != EINTR) || left == 0) {
      return false;
    }
  }
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

int Rows::size() const {
  return PQntuples(result_.get());
}

bool Rows::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::int64_t Rows::integer(int row, int column) const {
  const auto digits = text(row, column);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

void Connection::Finish::operator()(pg_conn* connection) const {
  PQfinish(connection);
}

Result<std::unique_ptr<Connection>> Connection::open(const Url& url,
                                                     std::chrono::milliseconds patience,
                                                     Deadline until, std::size_t& first,
                                                     const std::shared_ptr<Preparing>& preparing) {
  std::string faults;
  for (std::size_t i = 0; i < url.servers.size(); ++i) {
    const auto which = (first + i) % url.servers.size();
    const auto& server = url.servers[which];
    std::vector<const char*> names;
    std::vector<const char*> values;
    const auto set = [&](const char* name, const std::string& value) {
      if (!value.empty()) {
        names.push_back(name);
        values.push_back(value.c_str());
      }
    };
    set("host", server.host);
    set("hostaddr", server.address);
    set("port", server.port);
    for (const auto& [name, value] : url.settings) {
      set(name.c_str(), value);
    }
    names.push_back(nullptr);
    values.push_back(nullptr);

    std::unique_ptr<Connection> connection(
        new Connection(PQconnectStartParams(names.data(), values.data(), 0), preparing));
    auto* raw = connection->connection_.get();
    if (raw != nullptr) {  // else libpq writes what a server remarks to standard error
      PQsetNoticeReceiver(
          raw, [](void*, const pg_result*) {}, nullptr);
      PQsetErrorVerbosity(raw, PQERRORS_TERSE);  // a DETAIL quotes rows, and an error is logged
    }
    // A silent server leaves the others their share of the time.
    const auto now = std::chrono::steady_clock::now();
    const auto share = (until - now) / static_cast<int>(url.servers.size() - i);
    const auto give_up = now + std::min<std::chrono::nanoseconds>(patience, share);
    auto state = raw != nullptr && PQstatus(raw) != CONNECTION_BAD ? PGRES_POLLING_WRITING
                                                                   : PGRES_POLLING_FAILED;
    bool in_time = true;
    while (in_time && (state == PGRES_POLLING_WRITING || state == PGRES_POLLING_READING)) {
      in_time = wait_for(PQsocket(raw), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, give_up);
      state = in_time ? PQconnectPoll(raw) : PGRES_POLLING_FAILED;
    }
    if (state == PGRES_POLLING_OK && PQsetnonblocking(raw, 1) == 0 && PQenterPipelineMode(raw)) {
      first = which;
      return connection;
    }
    faults += fmt::format("{}{}", faults.empty() ? "" : "; ",
                          in_time ? one_line(PQerrorMessage(raw))
                                  : fmt::format("{} did not answer in time", server.host));
  }
  return Error{ErrorCode::unavailable, std::string(kUnreachable), std::move(faults)};
}

Result<std::vector<Rows>> Connection::run(std::span<const Call> calls, Deadline until) {
  failure_ = Failure::none;
  sql_state_.clear();
  prepares_ = *preparing_;
  if (!send(calls) || !flush(until)) {
    return lose(PQerrorMessage(connection_.get()));
  }
  auto answer = receive(calls, until);
  if (!answer && failure_ != Failure::lost) {
    leave_transaction(until);
  }
  drop_notifications();
  return answer;
}

// A pooler may give us a session in which somebody else has listened: what nobody takes would pile
// up in libpq.
void Connection::drop_notifications() {
  while (!listens_) {
    auto* notify = PQnotifies(connection_.get());
    if (notify == nullptr) {
      return;
    }
    PQfreemem(notify);
  }
}

Result<void> Connection::listen(std::string_view channel, Deadline until) {
  const auto sql = fmt::format("LISTEN {}", channel);
  auto done = run({Call{{"", sql}}}, until);
  listens_ = static_cast<bool>(done);
  return done ? Result<void>() : done.error();
}

// What cannot be queued shows in the results.
bool Connection::send(std::span<const Call> calls) {
  auto* raw = connection_.get();
  bool sent = true;
  for (const auto& [statement, parameters] : calls) {
    const std::string name(prepares_ ? statement.name : "");
    const std::string sql(statement.sql);
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const auto& parameter : parameters) {
      values.push_back(parameter.c_str());
      lengths.push_back(static_cast<int>(parameter.size()));
    }
    const auto count = static_cast<int>(parameters.size());
    if (!prepares_ || parameters.empty()) {
      sent = sent && PQsendQueryParams(raw, sql.c_str(), count, nullptr, values.data(),
                                       lengths.data(), nullptr, 0) != 0;
      continue;
    }
    if (!prepared_.contains(statement.name)) {
      sent = sent && PQsendPrepare(raw, name.c_str(), sql.c_str(), 0, nullptr) != 0;
    }
    sent = sent && PQsendQueryPrepared(raw, name.c_str(), count, values.data(), lengths.data(),
                                       nullptr, 0) != 0;
  }
  return sent && PQpipelineSync(raw) != 0;
}

Result<std::vector<Rows>> Connection::receive(std::span<const Call> calls, Deadline until) {
  auto* raw = connection_.get();
  std::vector<Rows> answers;
  std::optional<Error> error;
  const auto next = [&]() -> std::optional<Rows> {
    if (!wait_for_result(until)) {
      return std::nullopt;
    }
    return Rows(PQgetResult(raw));
  };
  // One result a statement, each followed by a null one; at the end, that of the sync.
  const auto one_of = [&](bool is_answer) {
    for (;;) {
      auto rows = next();
      if (!rows) {
        error = lose("no answer within the deadline, or the connection broke");
        return false;
      }
      if (!rows->result_) {
        return true;
      }
      const auto status = PQresultStatus(rows->result_.get());
      if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        if (is_answer) {
          answers.push_back(*std::move(rows));
        }
      } else if (status != PGRES_PIPELINE_ABORTED && !error) {
        error = classify(rows->result_.get());
        if (failure_ == Failure::lost) {
          return false;
        }
      }
    }
  };
  for (const auto& [statement, parameters] : calls) {
    const bool is_prepared = prepares_ && !parameters.empty();
    if (is_prepared && !prepared_.contains(statement.name)) {
      if (!one_of(false)) {
        return *error;
      }
      if (!error) {
        prepared_.insert(statement.name);
      }
    }
    if (!one_of(true)) {
      return *error;
    }
  }
  if (!next()) {  // of the sync
    return lose("no answer within the deadline, or the connection broke");
  }
  if (is_about_preparing(sql_state_)) {
    *preparing_ = false;
  }
  if (error) {
    return *error;
  }
  return answers;
}

bool Connection::flush(Deadline until) {
  auto* raw = connection_.get();
  for (;;) {
    const auto left = PQflush(raw);
    if (left <= 0) {
      return left == 0;
    }
    // The server may have to be read from before it takes more.
    if (!wait_for(PQsocket(raw), POLLIN | POLLOUT, until) || PQconsumeInput(raw) == 0) {
      return false;
    }
  }
}

bool Connection::wait_for_result(Deadline until) {
  auto* raw = connection_.get();
  while (PQisBusy(raw) != 0) {
    if (!wait_for(PQsocket(raw), POLLIN, until) || PQconsumeInput(raw) == 0) {
      return false;
    }
  }
  return PQstatus(raw) == CONNECTION_OK;
}

void Connection::leave_transaction(Deadline until) {
  const auto status = PQtransactionStatus(connection_.get());
  if (status != PQTRANS_INTRANS && status != PQTRANS_INERROR) {
    return;
  }
  const auto failure = failure_;
  const auto state = sql_state_;
  const std::array rollback{Call{{"", "ROLLBACK"}}};
  if (send(rollback) && flush(until) && receive(rollback, until)) {
    failure_ = failure;
    sql_state_ = state;
  } else {
    failure_ = Failure::lost;
  }
}

Error Connection::lose(const std::string& detail) {
  failure_ = Failure::lost;
  return {ErrorCode::unavailable, std::string(kUnreachable), one_line(detail)};
}

Error Connection::classify(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  sql_state_ = state != nullptr ? state : "";
  const auto* text = PQresultErrorMessage(result);
  if (sql_state_.empty() || is_loss(sql_state_) || PQstatus(connection_.get()) != CONNECTION_OK) {
    return lose(text);
  }
  failure_ = is_conflict(sql_state_) || is_about_preparing(sql_state_) ? Failure::conflict
                                                                       : Failure::refused;
  return {ErrorCode::unavailable, std::string(kFailed),
          fmt::format("{} {}", sql_state_, one_line(text))};
}

bool Connection::take_notifications(std::vector<Notification>& to) {
  auto* raw = connection_.get();
  if (PQconsumeInput(raw) == 0) {
    return false;
  }
  while (auto* notify = PQnotifies(raw)) {
    to.push_back({notify->extra, notify->be_pid});
    PQfreemem(notify);
  }
  return true;
}

int Connection::backend() const {
  return PQbackendPID(connection_.get());
}

int Connection::socket() const {
  return PQsocket(connection_.get());
}

}  // namespace comments::postgres
