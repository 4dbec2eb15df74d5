// The writing side of the SQLite store: one connection, used by the group commit's thread alone.
//
// After any failure the connection is closed and opened anew before the next attempt: after a
// failed fsync, what the kernel calls clean may not be on disk, and only what a new transaction
// writes and flushes again may be acknowledged.
// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.)
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/store/batch_plan.h"
#include "core/store/group_commit.h"
#include "core/store/sqlite/database.h"
#include "core/store/store.h"

namespace comments {

class SqliteWriter final : public BatchWriter {
 public:
  // Opens the connection at once: a file that does not fit the schema is met here.
  static Result<std::unique_ptr<SqliteWriter>> open(std::string path, std::uint64_t store_id,
                                                    Clock clock);
  ~SqliteWriter() override;

  // The outcome of the last attempt. Callable from any thread.
  bool writable() const { return writable_; }

  Batch commit(std::span<const Draft> drafts) override;

  // While the store cannot be written, tries it again, so that health recovers without a post.
  void idle() override;

 private:
  struct Connection;

  SqliteWriter(std::string path, std::uint64_t store_id, Clock clock);

  Result<Connection*> connection();
  Result<Batch> try_commit(std::span<const Draft> drafts);
  Result<BatchState> read_state(std::span<const Draft> drafts);
  Result<void> write(const BatchPlan& plan, Timestamp now);
  Result<void> try_to_write();
  void note(bool success);

  const std::string path_;
  const std::uint64_t store_id_;
  const Clock clock_;
  std::atomic<bool> writable_ = true;
  std::unique_ptr<Connection> connection_;
  std::chrono::steady_clock::time_point last_attempt_;
};

}  // namespace comments
