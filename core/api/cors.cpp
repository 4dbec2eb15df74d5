#include "core/api/cors.h"

#include <algorithm>

namespace comments::api {
namespace {

constexpr std::string_view kRequestHeaders =
    "Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Comments-Seen, X-Request-Id, "
    "traceparent";
constexpr std::string_view kAnswerHeaders =
    "ETag, Link, Location, Retry-After, X-Request-Id, X-Total-Count, traceresponse";
constexpr std::string_view kRememberSeconds = "600";

}  // namespace

bool is_origin(std::string_view text) {
  if (text == "*") {
    return true;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) {
      text.remove_prefix(scheme.size());
      return !text.empty() &&
             text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.:[]") == text.npos;
    }
  }
  return false;
}

bool Cors::is_preflight(const net::Request& request) {
  return request.method == "OPTIONS" && !request.header("Origin").empty() &&
         !request.header("Access-Control-Request-Method").empty();
}

void Cors::add_headers(net::Response& response, std::string_view origin) const {
  if (origins_.empty()) {
    return;
  }
  if (!allows_all()) {  // also to who names none: a shared cache must not answer others with that
    response.headers.emplace_back("Vary", "Origin");
  }
  const bool listed = std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
  if (allows_all() || listed) {
    response.headers.emplace_back("Access-Control-Allow-Origin", allows_all() ? "*" : origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", kAnswerHeaders);
  }
}

void Cors::add_preflight_headers(net::Response& response, std::string_view allowed_methods) const {
  if (!origins_.empty()) {
    response.headers.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    response.headers.emplace_back("Access-Control-Allow-Headers", kRequestHeaders);
    response.headers.emplace_back("Access-Control-Max-Age", kRememberSeconds);
  }
}

}  // namespace comments::api
