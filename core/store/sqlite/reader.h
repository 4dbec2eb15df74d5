// The reading side of the SQLite store: one connection with its statements. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/comment/comments.h"
#include "core/store/sqlite/database.h"

namespace comments {

class SqliteReader {
 public:
  static Result<std::unique_ptr<SqliteReader>> open(const std::string& path,
                                                    std::uint64_t store_id);

  Result<Page> list(const ListQuery& query);
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids);

 private:
  SqliteReader(std::uint64_t store_id, sqlite::Database database, sqlite::Statement head,
               sqlite::Statement from_beginning, sqlite::Statement from_end)
      : store_id_(store_id),
        database_(std::move(database)),
        head_(std::move(head)),
        from_beginning_(std::move(from_beginning)),
        from_end_(std::move(from_end)) {}

  Result<Page> read_head(const ContentId& content_id);

  const std::uint64_t store_id_;
  sqlite::Database database_;  // before its statements, so that they go first
  sqlite::Statement head_;
  sqlite::Statement from_beginning_;
  sqlite::Statement from_end_;
};

}  // namespace comments
