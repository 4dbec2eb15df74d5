// What other threads tell a reactor, which sleeps in epoll_wait.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "core/net/http.h"

namespace comments::net {

// Which request on which connection.
struct RequestId {
  std::uint64_t connection = 0;
  std::uint64_t number = 0;  // on that connection

  bool operator==(const RequestId&) const = default;
};

// An answer to a request that is pending; nullopt: whoever should have answered never will.
struct LateAnswer {
  RequestId request;
  std::optional<Response> response;
};

// A connection that was just accepted.
struct NewSocket {
  int socket = -1;
};

// The feed has events that its followers have not seen.
struct FeedNews {
  std::shared_ptr<Feed> feed;
};

// Finish: answer what has begun, take leave of the rest.
struct Drain {};

using Message = std::variant<LateAnswer, NewSocket, FeedNews, Drain>;

// Safe for concurrent use. Outlives its reactor where somebody still means to answer: what comes
// then is dropped.
class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // A descriptor that is readable while there are messages.
  int descriptor() const { return event_; }

  // Wakes the reactor, once for all messages that it has not yet taken.
  void push(Message message);

  // The reactor takes all there is.
  std::vector<Message> take();

  // From here on, messages are dropped (and sockets closed).
  void close();

 private:
  const int event_;
  std::mutex mutex_;  // guards the rest
  std::vector<Message> messages_;
  bool closed_ = false;
};

}  // namespace comments::net
