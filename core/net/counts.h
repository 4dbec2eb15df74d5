// What the connection engine counts: plain numbers, for whoever shows them to others.
#pragma once

#include <atomic>
#include <cstdint>

namespace comments::net {

// Written by one thread, read by any: costs that thread no more than an ordinary number.
class Count {
 public:
  void add(std::int64_t more) {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

// One reactor's.
struct alignas(64) ReactorCounts {
  Count connections;          // taken on, so far
  Count turned_away;          // closed without a word, for there were far too many
  Count active_requests;      // begun and not answered, at this moment
  Count request_body_bytes;   // so far
  Count response_body_bytes;  // so far, of answers that were begun
};

// All reactors' together.
struct Counts {
  std::int64_t connections = 0;
  std::int64_t turned_away = 0;
  std::int64_t active_requests = 0;
  std::int64_t request_body_bytes = 0;
  std::int64_t response_body_bytes = 0;

  Counts& operator+=(const ReactorCounts& more) {
    connections += more.connections.value();
    turned_away += more.turned_away.value();
    active_requests += more.active_requests.value();
    request_body_bytes += more.request_body_bytes.value();
    response_body_bytes += more.response_body_bytes.value();
    return *this;
  }
};

}  // namespace comments::net
