// That a person wants to stop, told to whoever waits.
#pragma once

#include <atomic>

namespace comments {

// Safe for concurrent use. A request is met once: what is done because of it is not interrupted
// again, until there is another one.
class Interruption {
 public:
  void request() { ++requested_; }

  // A point in time; what was requested after it, and not yet met, is pending.
  int now() const { return met_.load(); }
  bool pending(int since) const { return requested_.load() > since; }
  void meet() { met_ = requested_.load(); }

 private:
  std::atomic<int> requested_{0};
  std::atomic<int> met_{0};
};

}  // namespace comments
