#include "core/store/sqlite/writer.h"

#include <utility>

#include "core/store/sqlite/log.h"
#include "core/store/sqlite/pragmas.h"
#include "core/store/sqlite/statements.h"

namespace comments {
namespace {

constexpr std::chrono::milliseconds kRetryEvery{250};

}  // namespace

struct SqliteWriter::Connection {
  sqlite::Database database;
  sqlite::Statement find_head;
  sqlite::Statement put_head;
  sqlite::Statement find_key;
  sqlite::Statement put_key;
  sqlite::Statement insert;
  sqlite::Statement check;

  static Result<std::unique_ptr<Connection>> open(const std::string& path);
};

Result<std::unique_ptr<SqliteWriter::Connection>> SqliteWriter::Connection::open(
    const std::string& path) {
  auto database = open_settled(path);
  if (!database) {
    return database.error();
  }
  if (auto set = set_writer_pragmas(*database); !set) {
    return set.error();
  }
  auto find_head = database->prepare(sqlite::kFindHead);
  auto put_head = database->prepare(sqlite::kPutHead);
  auto find_key = database->prepare(
      "SELECT k.seq, k.stored_at, c.email, c.comment"
      " FROM idempotency_keys k JOIN comments c ON c.content_id = k.content_id AND c.seq = k.seq"
      " WHERE k.content_id = ?1 AND k.key = ?2");
  auto put_key = database->prepare(sqlite::kPutKey);
  auto insert = database->prepare(sqlite::kAddComment);
  // As large as a comment can be: a full disk may still have room for less.
  auto check = database->prepare("UPDATE store SET probe = randomblob(65536)");
  for (const auto* statement : {&find_head, &put_head, &find_key, &put_key, &insert, &check}) {
    if (!*statement) {
      return statement->error();
    }
  }
  return std::make_unique<Connection>(
      Connection{std::move(*database), *std::move(find_head), *std::move(put_head),
                 *std::move(find_key), *std::move(put_key), *std::move(insert), *std::move(check)});
}

SqliteWriter::SqliteWriter(std::string path, std::uint64_t store_id, Clock clock)
    : path_(std::move(path)), store_id_(store_id), clock_(std::move(clock)) {}

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::open(std::string path, std::uint64_t store_id,
                                                         Clock clock) {
  std::unique_ptr<SqliteWriter> writer(
      new SqliteWriter(std::move(path), store_id, std::move(clock)));
  if (auto opened = writer->connection(); !opened) {
    return opened.error();
  }
  return writer;
}

SqliteWriter::~SqliteWriter() = default;

Result<SqliteWriter::Connection*> SqliteWriter::connection() {
  if (!connection_) {
    auto opened = Connection::open(path_);
    if (!opened) {
      return opened.error();
    }
    connection_ = std::move(*opened);
  }
  return connection_.get();
}

void SqliteWriter::note(bool success) {
  writable_ = success;
  last_attempt_ = std::chrono::steady_clock::now();
  if (!success) {
    connection_.reset();
  }
}

BatchWriter::Batch SqliteWriter::commit(std::span<const Draft> drafts) {
  auto batch = try_commit(drafts);
  note(static_cast<bool>(batch));
  if (!batch) {
    return {.answers = {drafts.size(), batch.error()}, .stored_at = {}};
  }
  return *std::move(batch);
}

Result<BatchWriter::Batch> SqliteWriter::try_commit(std::span<const Draft> drafts) {
  auto open = connection();
  if (!open) {
    return open.error();
  }
  auto transaction =
      sqlite::Transaction::begin((*open)->database, sqlite::Transaction::Kind::write);
  if (!transaction) {
    return transaction.error();
  }
  auto before = read_state(drafts);
  if (!before) {
    return before.error();
  }
  const auto now = clock_();
  auto plan = plan_batch(drafts, *std::move(before), store_id_, now);
  if (auto written = write(plan, now); !written) {
    return written.error();
  }
  if (auto committed = transaction->commit(); !committed) {
    return committed.error();
  }
  return Batch{.answers = std::move(plan.answers), .stored_at = now};
}

Result<BatchState> SqliteWriter::read_state(std::span<const Draft> drafts) {
  BatchState state;
  for (const auto& draft : drafts) {
    const std::string_view content_id = draft.content_id().text();
    const std::string_view key = draft.idempotency_key();
    if (const auto [at, is_new] = state.heads.try_emplace(content_id); is_new) {
      auto& find = connection_->find_head.bind(1, content_id);
      auto found = find.step();
      if (!found) {
        return found.error();
      }
      if (*found) {
        at->second = {find.integer(0), find.integer(1), find.integer(2)};
        find.reset();
      }
    }
    if (!key.empty() && !state.keys.contains({content_id, key})) {
      auto& find = connection_->find_key.bind(1, content_id).bind(2, key);
      auto found = find.step();
      if (!found) {
        return found.error();
      }
      if (*found) {
        state.keys[{content_id, key}] = {find.integer(0),
                                         Timestamp(Timestamp::duration(find.integer(1))),
                                         std::string(find.text(2)), std::string(find.text(3))};
        find.reset();
      }
    }
  }
  return state;
}

Result<void> SqliteWriter::write(const BatchPlan& plan, Timestamp now) {
  const auto milliseconds = now.time_since_epoch().count();
  for (const auto& [draft, seq] : plan.comments) {
    auto inserted = connection_->insert.bind(1, draft->content_id().text())
                        .bind(2, seq)
                        .bind(3, draft->email())
                        .bind(4, draft->comment())
                        .bind(5, milliseconds)
                        .run();
    if (!inserted) {
      return inserted;
    }
  }
  for (const auto& [draft, seq] : plan.keys) {
    auto kept = connection_->put_key.bind(1, draft->content_id().text())
                    .bind(2, draft->idempotency_key())
                    .bind(3, seq)
                    .bind(4, milliseconds)
                    .run();
    if (!kept) {
      return kept;
    }
  }
  for (const auto& [content_id, head] : plan.heads) {
    auto put = connection_->put_head.bind(1, content_id)
                   .bind(2, head.last_seq)
                   .bind(3, head.count)
                   .bind(4, head.version)
                   .run();
    if (!put) {
      return put;
    }
  }
  return {};
}

void SqliteWriter::idle() {
  if (writable_ || std::chrono::steady_clock::now() - last_attempt_ < kRetryEvery) {
    return;
  }
  note(static_cast<bool>(try_to_write()));
}

Result<void> SqliteWriter::try_to_write() {
  auto open = connection();
  if (!open) {
    return open.error();
  }
  return (*open)->check.run();
}

}  // namespace comments
