// Which pages of other origins may use the API (CORS; WHATWG Fetch, section 3.3). Off unless an
// origin is listed; never with credentials, of which the API has none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/net/http.h"

namespace comments::api {

// "https://example.com", "http://localhost:3000", or "*".
bool is_origin(std::string_view text);

// Immutable; safe for concurrent use.
class Cors {
 public:
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // A browser's question whether it may send a request of that kind.
  static bool is_preflight(const net::Request& request);

  // What an answer to a request from that origin ("" where it named none) says of it.
  void add_headers(net::Response& response, std::string_view origin) const;

  // The same for the answer to a preflight, which also says what the request may be like.
  void add_preflight_headers(net::Response& response, std::string_view allowed_methods) const;

 private:
  bool allows_all() const { return origins_.size() == 1 && origins_.front() == "*"; }

  const std::vector<std::string> origins_;
};

}  // namespace comments::api
