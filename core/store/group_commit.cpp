#include "core/store/group_commit.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace comments {
namespace {

std::size_t bytes_of(const Draft& draft) {
  return sizeof(Draft) + draft.content_id().text().size() + draft.email().size() +
         draft.comment().size() + draft.idempotency_key().size();
}

// Moves the first `count` elements of `from` to `to`, which is empty.
template <class T>
void take_front(std::vector<T>& from, std::vector<T>& to, std::size_t count) {
  if (count == from.size()) {
    std::swap(from, to);
    return;
  }
  const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
  to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
  from.erase(from.begin(), end);
}

}  // namespace

GroupCommit::GroupCommit(BatchWriter& writer, Options options)
    : writer_(writer), options_(std::move(options)) {
  options_.metrics->queue_capacity.set(static_cast<double>(options_.max_waiting_posts));
  thread_ = std::thread([this] { run(); });
}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void GroupCommit::post(Draft draft, Comments::Posted posted) {
  const auto bytes = bytes_of(draft);
  {
    const std::lock_guard lock(mutex_);
    const auto& thread = draft.content_id().text();
    const auto in_thread = waiting_in_thread_.find(thread);
    if (waiting_drafts_.size() < options_.max_waiting_posts &&
        waiting_bytes_ + bytes <= options_.max_waiting_bytes &&
        (in_thread == waiting_in_thread_.end() ||
         in_thread->second < options_.max_waiting_in_thread)) {
      ++waiting_in_thread_[thread];
      waiting_drafts_.push_back(std::move(draft));
      waiting_answers_.push_back(std::move(posted));
      waiting_bytes_ += bytes;
      options_.metrics->queue_depth.set(static_cast<double>(waiting_drafts_.size()));
      posted = nullptr;
    }
  }
  if (posted) {
    posted(Error{
        ErrorCode::overloaded, "too many comments are waiting to be stored; retry shortly", {}});
    return;
  }
  wake_.notify_one();
}

void GroupCommit::run() {
  while (take_batch()) {
    if (!drafts_.empty()) {
      commit_batch();
    }
    if (!is_waiting()) {  // looking after oneself may take its time
      writer_.idle();
    }
  }
}

bool GroupCommit::is_waiting() {
  const std::lock_guard lock(mutex_);
  return !waiting_drafts_.empty();
}

// False when there is nothing left to do, ever.
bool GroupCommit::take_batch() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, options_.idle_every,
                 [this] { return stopping_ || !waiting_drafts_.empty(); });
  const auto count = std::min(waiting_drafts_.size(), options_.max_batch);
  take_front(waiting_drafts_, drafts_, count);
  take_front(waiting_answers_, answers_, count);
  for (const auto& draft : drafts_) {
    waiting_bytes_ -= bytes_of(draft);
    const auto in_thread = waiting_in_thread_.find(draft.content_id().text());
    if (--in_thread->second == 0) {
      waiting_in_thread_.erase(in_thread);
    }
  }
  options_.metrics->queue_depth.set(static_cast<double>(waiting_drafts_.size()));
  return count > 0 || !stopping_;
}

void GroupCommit::commit_batch() {
  BatchWriter::Batch batch;
  const auto began = std::chrono::steady_clock::now();
  try {
    batch = writer_.commit(drafts_);
  } catch (...) {  // out of memory: refuse the batch, keep serving
    batch.answers.assign(
        drafts_.size(),
        Error{ErrorCode::unavailable, "the server is short of memory; retry shortly", {}});
  }
  options_.metrics->on_commit(drafts_.size(), std::chrono::steady_clock::now() - began);
  try {
    tell_observer(batch);
  } catch (...) {  // NOLINT(bugprone-empty-catch): see below
    // Out of memory: followers meet the gap at the next comment, and come again.
  }
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    answers_[i](std::move(batch.answers[i]));
  }
  drafts_.clear();
  answers_.clear();
}

void GroupCommit::observe(Store::Observer observer) {
  const std::lock_guard lock(observer_mutex_);
  observer_ = std::move(observer);
}

void GroupCommit::tell(const Committed& committed) {
  const std::lock_guard lock(observer_mutex_);
  if (observer_) {
    observer_(committed);
  }
}

void GroupCommit::tell_observer(const BatchWriter::Batch& batch) {
  const std::lock_guard lock(observer_mutex_);
  if (!observer_) {
    return;
  }
  std::map<std::string_view, Committed> threads;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    const auto& draft = drafts_[i];
    const auto& answer = batch.answers[i];
    if (!answer || answer->replayed) {
      continue;
    }
    const auto at =
        threads.try_emplace(draft.content_id().text(), Committed{draft.content_id(), {}, {}}).first;
    at->second.version = answer->version;
    at->second.comments.push_back({answer->id, draft.email(), draft.comment(), batch.stored_at});
  }
  for (const auto& [content_id, committed] : threads) {
    observer_(committed);
  }
}

}  // namespace comments
