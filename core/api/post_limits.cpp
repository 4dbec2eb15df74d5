#include "core/api/post_limits.h"

#include <algorithm>
#include <string>

#include "core/net/client_address.h"

namespace comments::api {

PostLimits::PostLimits(const RateLimits& limits)
    : trusted_proxies_(limits.trusted_proxies),
      by_network_(limits.per_address),
      by_email_(limits.per_email) {}

PostLimits::Wait PostLimits::count_sender(const net::Request& request) {
  return by_network_.is_on() ? by_network_.count(net::client_network(request, trusted_proxies_),
                                                 std::chrono::steady_clock::now())
                             : std::nullopt;
}

PostLimits::Wait PostLimits::count_email(std::string_view email) {
  if (!by_email_.is_on()) {
    return std::nullopt;
  }
  std::string key(email);
  std::transform(key.begin(), key.end(), key.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return by_email_.count(key, std::chrono::steady_clock::now());
}

}  // namespace comments::api
