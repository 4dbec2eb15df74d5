#include "core/store/sqlite/archive.h"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "core/store/archive_plan.h"
#include "core/store/sqlite/log.h"
#include "core/store/sqlite/pragmas.h"
#include "core/store/sqlite/statements.h"
#include "core/store/sqlite/store.h"

namespace comments {
namespace {

using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;

Timestamp time_of(std::int64_t milliseconds) {
  return Timestamp(Timestamp::duration(milliseconds));
}

std::int64_t milliseconds_of(Timestamp time) {
  return time.time_since_epoch().count();
}

class SqliteArchiveReader final : public ArchiveReader {
 public:
  explicit SqliteArchiveReader(Database database) : database_(std::move(database)) {}

  Result<void> begin() {
    auto snapshot = Transaction::begin(database_, Transaction::Kind::read);
    if (!snapshot) {
      return snapshot.error();
    }
    snapshot_.emplace(*std::move(snapshot));
    auto all = database_.prepare(
        "SELECT c.content_id, c.seq, c.email, c.comment, c.created_at, k.key, k.stored_at"
        " FROM comments c LEFT JOIN idempotency_keys k"
        "  ON k.content_id = c.content_id AND k.seq = c.seq"
        " ORDER BY c.content_id, c.seq");
    if (!all) {
      return all.error();
    }
    all_.emplace(*std::move(all));
    return {};
  }

  Result<std::int64_t> total() override {
    return database_.integer("SELECT coalesce(sum(count), 0) FROM contents");
  }

  Result<std::vector<ArchivedComment>> next(std::size_t limit) override {
    std::vector<ArchivedComment> some;
    while (some.size() < limit && !at_end_) {
      const auto row = all_->step();
      if (!row) {
        return row.error();
      }
      at_end_ = !*row;
      if (*row) {
        auto content_id = ContentId::parse(all_->text(0));
        if (!content_id) {
          return content_id.error();
        }
        some.push_back({*std::move(content_id),
                        {all_->integer(1), std::string(all_->text(2)), std::string(all_->text(3)),
                         time_of(all_->integer(4))},
                        std::string(all_->text(5)),
                        time_of(all_->integer(6))});
      }
    }
    return some;
  }

 private:
  Database database_;
  std::optional<Transaction> snapshot_;
  std::optional<Statement> all_;
  bool at_end_ = false;
};

class SqliteArchiveWriter final : public ArchiveWriter {
 public:
  struct Statements {
    Statement find_head;
    Statement put_head;
    Statement find_comment;
    Statement add_comment;
    Statement put_key;
  };

  SqliteArchiveWriter(Database database, Statements statements)
      : database_(std::move(database)), statements_(std::move(statements)) {}

  Result<std::size_t> add(std::span<const ArchivedComment> comments) override {
    auto transaction = Transaction::begin(database_, Transaction::Kind::write);
    if (!transaction) {
      return transaction.error();
    }
    auto before = read_state(comments);
    if (!before) {
      return before.error();
    }
    const auto plan = plan_archive(comments, *std::move(before));
    if (!plan) {
      return plan.error();
    }
    if (auto written = write(*plan); !written) {
      return written.error();
    }
    if (auto committed = transaction->commit(); !committed) {
      return committed.error();
    }
    return plan->comments.size();
  }

 private:
  Result<ArchiveState> read_state(std::span<const ArchivedComment> comments) {
    ArchiveState state;
    for (const auto& one : comments) {
      const std::string_view thread = one.content_id.text();
      const auto [head, is_new] = state.heads.try_emplace(thread);
      if (is_new) {
        auto& find = statements_.find_head.bind(1, thread);
        const auto found = find.step();
        if (!found) {
          return found.error();
        }
        if (*found) {
          head->second = {find.integer(0), find.integer(1), find.integer(2)};
          find.reset();
        }
      }
      if (one.comment.id <= head->second.last_seq) {
        auto& find = statements_.find_comment.bind(1, thread).bind(2, one.comment.id);
        const auto found = find.step();
        if (!found) {
          return found.error();
        }
        if (*found) {
          state.comments[{thread, one.comment.id}] = {one.comment.id, std::string(find.text(0)),
                                                      std::string(find.text(1)),
                                                      time_of(find.integer(2))};
          find.reset();
        }
      }
    }
    return state;
  }

  Result<void> write(const ArchivePlan& plan) {
    for (const auto* one : plan.comments) {
      auto added = statements_.add_comment.bind(1, one->content_id.text())
                       .bind(2, one->comment.id)
                       .bind(3, one->comment.email)
                       .bind(4, one->comment.comment)
                       .bind(5, milliseconds_of(one->comment.created_at))
                       .run();
      if (added && !one->key.empty()) {
        added = statements_.put_key.bind(1, one->content_id.text())
                    .bind(2, one->key)
                    .bind(3, one->comment.id)
                    .bind(4, milliseconds_of(one->key_stored_at))
                    .run();
      }
      if (!added) {
        return added;
      }
    }
    for (const auto& [thread, head] : plan.heads) {
      auto put = statements_.put_head.bind(1, thread)
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

  Database database_;  // before its statements, so that they go first
  Statements statements_;
};

}  // namespace

Result<std::unique_ptr<ArchiveReader>> open_sqlite_archive_reader(const std::string& path) {
  if (std::error_code ignored; !std::filesystem::exists(path, ignored)) {
    return Error{ErrorCode::bad_request,
                 fmt::format("there is no file {}; name the store with --store", path),
                 {}};
  }
  if (auto schema = migrate_sqlite(path); !schema) {
    return schema.error();
  }
  auto database = Database::open(path, Database::Mode::read_only);
  if (!database) {
    return database.error();
  }
  if (auto set = set_reader_pragmas(*database); !set) {
    return set.error();
  }
  auto reader = std::make_unique<SqliteArchiveReader>(*std::move(database));
  if (auto begun = reader->begin(); !begun) {
    return begun.error();
  }
  return std::unique_ptr<ArchiveReader>(std::move(reader));
}

Result<std::unique_ptr<ArchiveWriter>> open_sqlite_archive_writer(const std::string& path) {
  if (auto schema = migrate_sqlite(path); !schema) {
    return schema.error();
  }
  auto database = open_settled(path);
  if (!database) {
    return database.error();
  }
  if (auto set = set_writer_pragmas(*database); !set) {
    return set.error();
  }
  auto find_head = database->prepare(sqlite::kFindHead);
  auto put_head = database->prepare(sqlite::kPutHead);
  auto find_comment = database->prepare(
      "SELECT email, comment, created_at FROM comments WHERE content_id = ?1 AND seq = ?2");
  auto add_comment = database->prepare(sqlite::kAddComment);
  auto put_key = database->prepare(sqlite::kPutKey);
  for (const auto* statement : {&find_head, &put_head, &find_comment, &add_comment, &put_key}) {
    if (!*statement) {
      return statement->error();
    }
  }
  return std::unique_ptr<ArchiveWriter>(std::make_unique<SqliteArchiveWriter>(
      *std::move(database),
      SqliteArchiveWriter::Statements{*std::move(find_head), *std::move(put_head),
                                      *std::move(find_comment), *std::move(add_comment),
                                      *std::move(put_key)}));
}

}  // namespace comments
