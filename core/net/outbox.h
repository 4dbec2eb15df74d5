// What a connection could not send yet.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/net/http.h"

namespace comments::net {

enum class SendOutcome {
  done,     // everything is with the kernel
  waiting,  // the kernel takes no more for now
  broken,   // the other side is gone
};

// One connection's own; one thread at a time.
class Outbox {
 public:
  void add(std::string bytes);
  void add(SharedBytes bytes);

  // Sends in order, as far as `socket` (non-blocking) takes it.
  SendOutcome flush(int socket);

  bool empty() const { return first_ == pieces_.size(); }
  std::size_t size() const { return size_; }

 private:
  void drop_sent(std::size_t bytes);

  std::vector<SharedBytes> pieces_;
  std::size_t first_ = 0;  // those before have been sent
  std::size_t size_ = 0;
};

}  // namespace comments::net
