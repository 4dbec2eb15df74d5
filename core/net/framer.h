// Finds the requests in the bytes of a connection.
//
// Holds what has arrived and was not yet consumed: at most a head, a body and one read. One
// connection's own; one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/net/chunked.h"
#include "core/net/head.h"

namespace comments::net {

class Framer {
 public:
  // `limits` must outlive this object.
  explicit Framer(const Limits& limits) : limits_(limits) {}

  enum class State {
    empty,     // between two requests
    head,      // the head of a request has begun
    body,      // the head is complete, the body is not
    complete,  // head() and body() are a request, until pop(); an append() moves them
    refused,   // this is no request: see refusal(); nothing after it can be trusted
  };

  // Takes in what was received and looks how far it reaches. Once complete or refused, stays so:
  // further bytes are only kept.
  State append(std::string_view bytes);

  State state() const { return state_; }
  int refusal() const { return refusal_; }

  const Head& head() const { return head_; }
  std::string_view body() const;

  // The bytes the announced body may have; an allowance for the time it may take.
  std::size_t expected_body() const;

  // Whether the client waits for `100 Continue` before it sends its body. True once a request.
  bool take_expectation();

  // Forgets the complete request and looks at what follows it.
  State pop();

  std::size_t buffered() const { return buffer_.size(); }

 private:
  State look();
  State look_for_head();
  State look_for_body();
  State refuse(int status);

  const Limits& limits_;
  std::string buffer_;
  State state_ = State::empty;
  int refusal_ = 0;
  bool empty_line_forgiven_ = false;
  std::size_t searched_ = 0;  // of the head, in vain
  std::size_t head_size_ = 0;
  std::size_t body_end_ = 0;
  bool expectation_pending_ = false;
  std::optional<ChunkedDecoder> chunked_;
  Head head_;
};

}  // namespace comments::net
