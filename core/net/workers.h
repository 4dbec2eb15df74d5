// Threads for what would block a reactor: a read of a disk or a database.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace comments::net {

// Safe for concurrent use. The destructor finishes what was taken.
class Workers {
 public:
  using Task = std::function<void()>;  // must not throw

  Workers(std::size_t threads, std::size_t max_waiting);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False, with the task untouched, when `max_waiting` tasks wait already. Never blocks.
  bool run(Task& task);

  // Tasks that no thread has begun.
  std::size_t waiting() const;

 private:
  void work();

  const std::size_t max_waiting_;
  mutable std::mutex mutex_;  // guards the two below
  std::deque<Task> waiting_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace comments::net
