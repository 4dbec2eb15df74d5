// Group commit: the posts that wait at one moment share one durable transaction.
//
// One writer thread takes everything that is queued, commits it as one batch, answers each post,
// and takes what has come meanwhile. Alone, a post waits for nobody; under load the batch grows
// and the cost of the disk's flush is divided among its posts (measured: COMMENTS.md, D5).
// An ancestor: DeWitt et al., "Implementation techniques for main memory database systems", 1984.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/comment/comments.h"
#include "core/store/store.h"
#include "core/store/store_metrics.h"

namespace comments {

// Where batches go: one implementation a database. Used by one thread at a time.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;

  struct Batch {
    std::vector<Result<Receipt>> answers;  // one a draft, in the same order
    Timestamp stored_at;                   // what the new comments say of their time
  };

  // Stores the drafts in order, in one transaction; what it answers with a Receipt is durable.
  virtual Batch commit(std::span<const Draft> drafts) = 0;

  // Called when nothing waits, at least every GroupCommit::Options::idle_every: time to look after
  // oneself, such as trying whether a disk that was full can be written again.
  virtual void idle() = 0;
};

// Safe for concurrent use.
class GroupCommit {
 public:
  struct Options {
    std::size_t max_waiting_posts = 8'192;
    // Of one thread: what is beyond is refused, so that the others' posts still find room.
    std::size_t max_waiting_in_thread = 4'096;
    std::size_t max_waiting_bytes = std::size_t{32} * 1024 * 1024;
    std::size_t max_batch = 1'024;
    std::chrono::milliseconds idle_every{250};
    std::shared_ptr<StoreMetrics> metrics = std::make_shared<StoreMetrics>();
  };

  // `writer` must outlive this object.
  GroupCommit(BatchWriter& writer, Options options);

  // Commits and answers what is still queued, then joins the writer thread.
  ~GroupCommit();

  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // See Store::observe.
  void observe(Store::Observer observer);

  // Tells the observer what somebody else has committed, who writes to the same database.
  void tell(const Committed& committed);

  // Answers overloaded at once, on this thread, when the queue is full; else on the writer thread.
  void post(Draft draft, Comments::Posted posted);

 private:
  void run();
  bool take_batch();
  bool is_waiting();
  void commit_batch();
  void tell_observer(const BatchWriter::Batch& batch);

  BatchWriter& writer_;
  const Options options_;

  std::mutex mutex_;  // guards the five below
  std::condition_variable wake_;
  std::vector<Draft> waiting_drafts_;
  std::vector<Comments::Posted> waiting_answers_;
  std::size_t waiting_bytes_ = 0;
  std::unordered_map<std::string, std::size_t> waiting_in_thread_;
  bool stopping_ = false;

  std::mutex observer_mutex_;  // guards the next, and is held while it runs
  Store::Observer observer_;

  // The writer thread's own.
  std::vector<Draft> drafts_;
  std::vector<Comments::Posted> answers_;

  std::thread thread_;
};

}  // namespace comments
