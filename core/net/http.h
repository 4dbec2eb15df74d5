// HTTP as our handlers see it: plain values, no library behind them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comments::net {

class Feed;

using HeaderView = std::pair<std::string_view, std::string_view>;

// Valid during the handler's call only: whoever answers later copies what it needs.
struct Request {
  std::string_view method;
  std::string_view target;  // origin-form (or `*`), percent-encoded as it came: path and query
  std::vector<HeaderView> headers;
  std::string_view body;
  std::string_view peer;  // the address at the other end of the connection
  std::chrono::steady_clock::time_point received = std::chrono::steady_clock::now();  // all of it

  // Not 0: the connection stage refuses the request with this HTTP status, and asks the handler
  // only for the answer's form, at once. Any other field may be empty then.
  int fault = 0;

  // The value of the first header of that name, in any case; "" where there is none.
  std::string_view header(std::string_view name) const;
};

// Immutable bytes that many answers may share; alive as long as `owner` is held.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

// An answer without an end: the connection follows a feed of numbered events (feed.h).
struct Following {
  std::shared_ptr<Feed> feed;
  std::int64_t after = 0;      // the events that follow this one
  std::string_view heartbeat;  // sent when there was nothing else for a while; static storage
  std::string_view farewell;   // sent before the server closes; static storage
  std::shared_ptr<const void> held = {};  // let go when nobody follows any more
};

struct Response {
  int status = 200;
  std::string content_type;  // with a body
  std::vector<std::pair<std::string, std::string>> headers = {};

  // What head_text() made of an earlier Response: stands for its status, content type, length and
  // headers. `headers` of this one are added to it.
  std::shared_ptr<const std::string> head = {};

  // The body is `shared`, then `body`.
  SharedBytes shared = {};
  std::string body = {};

  // Set: after the body, the connection stays open and sends what the feed publishes.
  std::optional<Following> follow = {};

  std::size_t body_size() const { return shared.bytes.size() + body.size(); }
};

// Sends the answer. Call it exactly once, from any thread, during the handler or later.
using Reply = std::function<void(Response)>;

// Answers every request, faults included. Called on the reactors' threads, several at once: it
// must not block, and replies later where an answer takes time.
using Handler = std::function<void(const Request&, Reply)>;

// Answers what is ready in memory; nullopt where that is not so, and the Handler takes over.
using Shortcut = std::function<std::optional<Response>(const Request&)>;

bool equal_ignoring_case(std::string_view left, std::string_view right);

}  // namespace comments::net
