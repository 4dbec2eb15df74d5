// How many comments one sender may post.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/api/options.h"
#include "core/api/rate_limit.h"
#include "core/net/http.h"

namespace comments::api {

// Safe for concurrent use. Counts in this process: each instance has limits of its own.
class PostLimits {
 public:
  using Wait = std::optional<std::chrono::milliseconds>;  // nothing: go on

  explicit PostLimits(const RateLimits& limits);

  // Counts a post by where it comes from (client_network), and by the address it names, in any
  // case.
  Wait count_sender(const net::Request& request);
  Wait count_email(std::string_view email);

 private:
  const int trusted_proxies_;
  RateLimit by_network_;
  RateLimit by_email_;
};

}  // namespace comments::api
