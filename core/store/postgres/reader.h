// The reading side of the PostgreSQL store: one connection. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/comment/comments.h"
#include "core/store/postgres/connection.h"

namespace comments::postgres {

class Reader {
 public:
  Reader(std::uint64_t store_id, std::unique_ptr<Connection> connection)
      : store_id_(store_id), connection_(std::move(connection)) {}

  Result<Page> list(const ListQuery& query, Deadline until);
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids, Deadline until);

  // Of the last call.
  Failure failure() const { return connection_->failure(); }

 private:
  const std::uint64_t store_id_;
  const std::unique_ptr<Connection> connection_;
};

}  // namespace comments::postgres
