// One request for something else than comments: whatever a URL answers, as text.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/client/url.h"
#include "core/comment/result.h"

namespace comments {

struct FetchLimits {
  std::chrono::milliseconds time{3'000};  // from the connection to the body's last byte
  std::size_t bytes = std::size_t{4} * 1024 * 1024;
};

struct FetchRequest {
  std::string path;  // below the URL
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string json = {};  // posted, if not empty
};

struct Fetched {
  int status = 0;
  std::string body;
};

// Asks once; a redirection is an answer like any other. `unavailable`,
// with the address and the reason but no remedy, where there was no whole answer within the limits.
// The time that it takes to look up the host's name is not limited here.
Result<Fetched> fetch(const ServiceUrl& url, const FetchRequest& request, FetchLimits limits = {});
inline Result<Fetched> fetch(const ServiceUrl& url, const std::string& path,
                             FetchLimits limits = {}) {
  return fetch(url, FetchRequest{.path = path}, limits);
}

}  // namespace comments
