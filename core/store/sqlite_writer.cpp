#include "core/store/sqlite_writer.h"

#include <utility>

#include "core/store/idempotency.h"
#include "core/store/sqlite_log.h"
#include "core/store/sqlite_pragmas.h"

namespace comments {
namespace {

constexpr std::chrono::milliseconds kRetryEvery{250};

// An error of one draft (its key belongs to another comment) leaves the batch alone; an error of
// the store ends it.
bool concerns_draft_only(const Error& error) {
  return error.code == ErrorCode::idempotency_conflict;
}

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
  auto find_head =
      database->prepare("SELECT last_seq, count, version FROM contents WHERE content_id = ?1");
  auto put_head = database->prepare(
      "INSERT INTO contents (content_id, last_seq, count, version) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (content_id) DO UPDATE SET last_seq = excluded.last_seq,"
      "   count = excluded.count, version = excluded.version");
  auto find_key = database->prepare(
      "SELECT k.seq, k.stored_at, c.email, c.comment"
      " FROM idempotency_keys k JOIN comments c ON c.content_id = k.content_id AND c.seq = k.seq"
      " WHERE k.content_id = ?1 AND k.key = ?2");
  auto put_key = database->prepare(
      "INSERT INTO idempotency_keys (content_id, key, seq, stored_at) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (content_id, key) DO UPDATE SET seq = excluded.seq,"
      "   stored_at = excluded.stored_at");
  auto insert = database->prepare(
      "INSERT INTO comments (content_id, seq, email, comment, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5)");
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
  const auto now = clock_();
  Heads heads;
  Batch batch{.answers = {}, .stored_at = now};
  auto& results = batch.answers;
  results.reserve(drafts.size());
  for (const auto& draft : drafts) {
    results.push_back(append(draft, now, heads));
    if (!results.back() && !concerns_draft_only(results.back().error())) {
      return results.back().error();
    }
  }
  if (auto written = write_back(heads); !written) {
    return written.error();
  }
  if (auto committed = transaction->commit(); !committed) {
    return committed.error();
  }
  return batch;
}

Result<Receipt> SqliteWriter::append(const Draft& draft, Timestamp now, Heads& heads) {
  const auto& content_id = draft.content_id().text();
  const auto& key = draft.idempotency_key();
  auto found_head = head_of(content_id, heads);
  if (!found_head) {
    return found_head.error();
  }
  auto& head = **found_head;
  const auto put_key = [&](std::int64_t seq) {
    return connection_->put_key.bind(1, content_id)
        .bind(2, key)
        .bind(3, seq)
        .bind(4, now.time_since_epoch().count())
        .run();
  };

  if (!key.empty()) {
    auto& find_key = connection_->find_key.bind(1, content_id).bind(2, key);
    auto found = find_key.step();
    if (!found) {
      return found.error();
    }
    if (*found) {
      const auto seq = find_key.integer(0);
      const auto age = age_of_key(Timestamp(Timestamp::duration(find_key.integer(1))), now);
      auto same = check_same_post(draft, find_key.text(2), find_key.text(3));
      find_key.reset();
      if (age == KeyAge::from_future) {
        if (auto redated = put_key(seq); !redated) {
          return redated.error();
        }
      }
      if (age != KeyAge::expired) {
        if (!same) {
          return same.error();
        }
        return Receipt{seq, {store_id_, head.version}, true};
      }
    }
  }

  const auto seq = head.last_seq + 1;
  auto inserted = connection_->insert.bind(1, content_id)
                      .bind(2, seq)
                      .bind(3, draft.email())
                      .bind(4, draft.comment())
                      .bind(5, now.time_since_epoch().count())
                      .run();
  if (!inserted) {
    return inserted.error();
  }
  if (!key.empty()) {
    if (auto kept = put_key(seq); !kept) {
      return kept.error();
    }
  }
  head = {seq, head.count + 1, head.version + 1, true};
  return Receipt{seq, {store_id_, head.version}, false};
}

Result<SqliteWriter::Head*> SqliteWriter::head_of(std::string_view content_id, Heads& heads) {
  const auto [at, is_new] = heads.try_emplace(content_id);
  if (!is_new) {
    return &at->second;
  }
  auto& find = connection_->find_head.bind(1, content_id);
  auto found = find.step();
  if (!found) {
    return found.error();
  }
  if (*found) {
    at->second = {find.integer(0), find.integer(1), find.integer(2), false};
    find.reset();
  }
  return &at->second;
}

Result<void> SqliteWriter::write_back(const Heads& heads) {
  for (const auto& [content_id, head] : heads) {
    if (head.changed) {
      auto written = connection_->put_head.bind(1, content_id)
                         .bind(2, head.last_seq)
                         .bind(3, head.count)
                         .bind(4, head.version)
                         .run();
      if (!written) {
        return written;
      }
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
