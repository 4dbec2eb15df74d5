// What an operator may set of the API.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/api/access_log.h"
#include "core/wire/view.h"

namespace comments::api {

struct CacheLimits {
  std::size_t max_bytes = std::size_t{64} * 1024 * 1024;        // of all lists; 0: none is kept
  std::size_t max_entry_bytes = std::size_t{16} * 1024 * 1024;  // of one list
  // Of answers beside those that are kept, until the slowest reader has them.
  std::size_t bytes_beside = std::size_t{128} * 1024 * 1024;

  // Whether a list of so many bytes is kept.
  bool keeps(std::size_t bytes) const { return bytes <= max_entry_bytes && bytes <= max_bytes; }
};

// Of posts; 0: no limit.
struct RateLimits {
  int per_address = 0;      // a minute, by client_network()
  int per_email = 0;        // a minute
  int trusted_proxies = 0;  // how many of our own stand between the clients and us
};

struct Options {
  EmailVisibility emails = EmailVisibility::raw;
  std::string cache_control = "public, max-age=0, s-maxage=1, stale-while-revalidate=5";
  std::string revision_name = "local";  // which deployment this is, for /health
  CacheLimits cache = {};
  RateLimits rate_limits = {};
  std::vector<std::string> cors_origins = {};  // valid by is_origin(); `*` alone: all
  AccessLog access_log = AccessLog::errors;
  std::size_t readers = 4;  // threads that read the store
};

}  // namespace comments::api
