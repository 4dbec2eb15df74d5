// HTTP as our handlers see it: plain values, no library behind them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comments::net {

using HeaderView = std::pair<std::string_view, std::string_view>;

// Valid during the handler's call only: whoever answers later copies what it needs.
struct Request {
  std::string_view method;
  std::string_view target;  // as it came, percent-encoded: path and query
  std::vector<HeaderView> headers;
  std::string_view body;
  std::string_view peer;  // the address at the other end of the connection

  // Not 0: the connection stage refuses the request with this HTTP status, and asks the handler
  // only for the answer's form. Any other field may be empty then.
  int fault = 0;

  // The value of the first header of that name, in any case; "" where there is none.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type;  // with a body
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

// Sends the answer. Call it exactly once, from any thread, during the handler or later.
using Reply = std::function<void(Response)>;

// Answers every request, faults included. Called on many threads at once.
using Handler = std::function<void(const Request&, Reply)>;

bool equal_ignoring_case(std::string_view left, std::string_view right);

}  // namespace comments::net
