// Where a comments service is: `http://host:port/prefix`, `https://` included.
#pragma once

#include <string>
#include <string_view>

#include "core/comment/result.h"

namespace comments {

struct ServiceUrl {
  std::string origin;  // scheme://host[:port]
  std::string prefix;  // "" or "/some/path", without a slash at its end
};

// bad_request, with the remedy, where the text is no such URL.
Result<ServiceUrl> parse_service_url(std::string_view text);

// Whether it names this machine, to itself: localhost, 127.x.x.x or ::1.
bool is_loopback(const ServiceUrl& url);

}  // namespace comments
