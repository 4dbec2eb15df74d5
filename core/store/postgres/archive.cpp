#include "core/store/postgres/archive.h"

#include <set>
#include <thread>

#include <fmt/format.h>

#include "core/store/archive_plan.h"
#include "core/store/postgres/connection.h"
#include "core/store/postgres/heads.h"
#include "core/store/postgres/limits.h"
#include "core/store/postgres/store.h"
#include "core/store/postgres/text_array.h"

namespace comments {
namespace {

using namespace postgres;

// Nobody waits for an answer to a request here: a first page may have to be sorted.
constexpr std::chrono::minutes kPatience{10};
// But posts may wait for the locks of a transaction.
constexpr std::chrono::milliseconds kServerPatience{60'000};
constexpr std::chrono::milliseconds kIdlePatience{1'000};
constexpr int kAttempts = 20;
constexpr std::chrono::milliseconds kPause{20};

constexpr Statement kFindComments{
    "archive_find_comments_1",
    "SELECT c.content_id, c.seq, c.email, c.comment, c.created_at"
    " FROM unnest($1::text[], $2::bigint[]) AS t(content_id, seq)"
    " JOIN comments c ON c.content_id = t.content_id AND c.seq = t.seq"};
constexpr Statement kAddComments{
    "archive_add_comments_1",
    "INSERT INTO comments (content_id, seq, email, comment, created_at)"
    " SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])"};
constexpr Statement kPutKeys{
    "archive_put_keys_1",
    "INSERT INTO idempotency_keys (content_id, key, seq, stored_at)"
    " SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])"
    " ON CONFLICT (content_id, key) DO UPDATE"
    " SET seq = excluded.seq, stored_at = excluded.stored_at"};

Timestamp time_of(std::int64_t milliseconds) {
  return Timestamp(Timestamp::duration(milliseconds));
}

Result<std::unique_ptr<Connection>> connect(const std::string& url, const std::string& password) {
  if (auto schema = migrate_postgres(url, password); !schema) {
    return schema.error();
  }
  auto parsed = parse_url(url, password);
  if (!parsed) {
    return parsed.error();
  }
  std::size_t server = 0;
  return Connection::open(*parsed, Patience{}.request, in(kPatience), server);
}

class PostgresArchiveReader final : public ArchiveReader {
 public:
  explicit PostgresArchiveReader(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  // The order is that of the bytes, whatever the database's own is.
  Result<void> begin() {
    auto begun = connection_->run(
        {Call{{"", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}},
         Call{{"",
               "DECLARE archive NO SCROLL CURSOR FOR"
               " SELECT c.content_id, c.seq, c.email, c.comment, c.created_at, k.key, k.stored_at"
               " FROM comments c LEFT JOIN idempotency_keys k"
               "  ON k.content_id = c.content_id AND k.seq = c.seq"
               " ORDER BY c.content_id COLLATE \"C\", c.seq"}}},
        in(kPatience));
    return begun ? Result<void>() : begun.error();
  }

  Result<std::int64_t> total() override {
    const auto rows = connection_->run(
        {Call{{"", "SELECT coalesce(sum(count), 0)::bigint FROM contents"}}}, in(kPatience));
    return rows ? Result<std::int64_t>(rows->front().integer(0, 0)) : rows.error();
  }

  Result<std::vector<ArchivedComment>> next(std::size_t limit) override {
    const auto fetch = fmt::format("FETCH {} FROM archive", limit);
    const auto answer = connection_->run({Call{{"", fetch}}}, in(kPatience));
    if (!answer) {
      return answer.error();
    }
    const auto& rows = answer->front();
    std::vector<ArchivedComment> some;
    for (int row = 0; row < rows.size(); ++row) {
      auto content_id = ContentId::parse(rows.text(row, 0));
      if (!content_id) {
        return content_id.error();
      }
      some.push_back({*std::move(content_id),
                      {rows.integer(row, 1), std::string(rows.text(row, 2)),
                       std::string(rows.text(row, 3)), time_of(rows.integer(row, 4))},
                      std::string(rows.text(row, 5)),
                      time_of(rows.integer(row, 6))});
    }
    return some;
  }

 private:
  const std::unique_ptr<Connection> connection_;
};

class PostgresArchiveWriter final : public ArchiveWriter {
 public:
  explicit PostgresArchiveWriter(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  Result<std::size_t> add(std::span<const ArchivedComment> comments) override {
    for (int attempt = 1;; ++attempt) {
      auto added = try_add(comments);
      if (added || attempt == kAttempts || connection_->failure() != Failure::conflict) {
        return added;
      }
      std::this_thread::sleep_for(kPause);
    }
  }

 private:
  Result<std::size_t> try_add(std::span<const ArchivedComment> comments) {
    auto before = begin(comments);
    if (!before) {
      return before.error();
    }
    const auto plan = plan_archive(comments, *std::move(before));
    if (!plan) {
      (void)connection_->run({Call{{"", "ROLLBACK"}}}, in(kPatience));
      return plan.error();
    }
    auto calls = writes(*plan);
    calls.push_back({{"", "COMMIT"}});
    auto done = connection_->run(calls, in(kPatience));
    return done ? Result<std::size_t>(plan->comments.size()) : done.error();
  }

  Result<ArchiveState> begin(std::span<const ArchivedComment> comments) {
    std::set<std::string_view> threads;
    std::set<ArchiveState::Place> places;
    TextArray place_threads;
    TextArray place_ids;
    for (const auto& one : comments) {
      threads.insert(one.content_id.text());
      places.emplace(one.content_id.text(), one.comment.id);
      place_threads.add(one.content_id.text());
      place_ids.add(one.comment.id);
    }
    std::vector<Call> calls{{{"", "BEGIN"}}, limits(kServerPatience, kIdlePatience)};
    for (auto& call : hold_heads(threads)) {
      calls.push_back(std::move(call));
    }
    calls.push_back({kFindComments, {place_threads.take(), place_ids.take()}});
    const auto answers = connection_->run(calls, in(kPatience));
    if (!answers) {
      return answers.error();
    }
    ArchiveState state;
    state.heads = heads_of(answers->at(3), threads);
    const auto& found = answers->at(4);
    for (int row = 0; row < found.size(); ++row) {
      state.comments[*places.find({found.text(row, 0), found.integer(row, 1)})] = {
          found.integer(row, 1), std::string(found.text(row, 2)), std::string(found.text(row, 3)),
          time_of(found.integer(row, 4))};
    }
    return state;
  }

  static std::vector<Call> writes(const ArchivePlan& plan) {
    std::vector<Call> calls;
    TextArray threads;
    TextArray ids;
    TextArray emails;
    TextArray texts;
    TextArray times;
    TextArray key_threads;
    TextArray keys;
    TextArray key_ids;
    TextArray key_times;
    bool has_keys = false;
    for (const auto* one : plan.comments) {
      threads.add(one->content_id.text());
      ids.add(one->comment.id);
      emails.add(one->comment.email);
      texts.add(one->comment.comment);
      times.add(one->comment.created_at.time_since_epoch().count());
      if (!one->key.empty()) {
        has_keys = true;
        key_threads.add(one->content_id.text());
        keys.add(one->key);
        key_ids.add(one->comment.id);
        key_times.add(one->key_stored_at.time_since_epoch().count());
      }
    }
    if (!plan.comments.empty()) {
      calls.push_back(
          {kAddComments, {threads.take(), ids.take(), emails.take(), texts.take(), times.take()}});
    }
    if (has_keys) {
      calls.push_back(
          {kPutKeys, {key_threads.take(), keys.take(), key_ids.take(), key_times.take()}});
    }
    if (!plan.heads.empty()) {
      calls.push_back(put_heads(plan.heads));
    }
    return calls;
  }

  const std::unique_ptr<Connection> connection_;
};

}  // namespace

Result<std::unique_ptr<ArchiveReader>> open_postgres_archive_reader(const std::string& url,
                                                                    const std::string& password) {
  auto connection = connect(url, password);
  if (!connection) {
    return connection.error();
  }
  auto reader = std::make_unique<PostgresArchiveReader>(*std::move(connection));
  if (auto begun = reader->begin(); !begun) {
    return begun.error();
  }
  return std::unique_ptr<ArchiveReader>(std::move(reader));
}

Result<std::unique_ptr<ArchiveWriter>> open_postgres_archive_writer(const std::string& url,
                                                                    const std::string& password) {
  auto connection = connect(url, password);
  if (!connection) {
    return connection.error();
  }
  return std::unique_ptr<ArchiveWriter>(
      std::make_unique<PostgresArchiveWriter>(*std::move(connection)));
}

}  // namespace comments
