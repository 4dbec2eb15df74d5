// The writing side of the PostgreSQL store: one connection, used by the group commit's thread
// alone. A batch is one transaction of two round trips: move the threads' heads on as if every post
// were new, which locks them (in one order, so that instances cannot deadlock), and read the keys;
// then write everything, one multi-row statement a table, put right what heads were moved too far,
// and commit.
//
// Exactly once, although the answer to a COMMIT can be lost: each writer has a row of its own with
// the number of its last batch, locked and moved on with every batch. After a lost answer the row
// says whether the batch is in, and holding its lock means that no earlier attempt is still under
// way (COMMENTS.md, D19; the same idea as Kafka's producer id and sequence number, KIP-98).
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "core/comment/clock.h"
#include "core/store/batch_plan.h"
#include "core/store/group_commit.h"
#include "core/store/postgres/session.h"

namespace comments::postgres {

class Writer final : public BatchWriter {
 public:
  Writer(Sessions& sessions, Clock clock);

  // The outcome of the last attempt. Callable from any thread.
  bool writable() const { return writable_; }

  // Tries again, on a new connection if need be, until the deadline of a request.
  Batch commit(std::span<const Draft> drafts) override;

  // While the database cannot be reached, tries it.
  void idle() override;

 private:
  struct Attempt {
    std::optional<Batch> batch;
    std::optional<Error> error;
    bool again = false;  // the same may succeed now
  };

  // What the first trip found, and did.
  struct Begun {
    std::int64_t last = 0;  // the number of our last committed batch
    BatchState before;
    std::map<std::string_view, std::int64_t> advanced;  // the heads, as if every draft were new
  };

  Result<Connection*> connection(Deadline until);
  Attempt try_commit(std::span<const Draft> drafts, Deadline until);
  Result<std::optional<Begun>> begin(Connection& connection, std::span<const Draft> drafts,
                                     Deadline until);
  Result<void> finish(Connection& connection, const Begun& begun, const BatchPlan& plan,
                      Timestamp now, Deadline until);
  Attempt failed(const Error& error);

  Sessions& sessions_;
  const Clock clock_;
  const std::int64_t id_;
  std::atomic<bool> writable_ = true;
  std::unique_ptr<Connection> connection_;
  std::int64_t batch_ = 0;         // the number of the last one that is known to be committed
  std::optional<Batch> in_doubt_;  // batch_ + 1: its COMMIT was sent, its answer lost
};

}  // namespace comments::postgres
