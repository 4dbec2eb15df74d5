#include "core/api/routes.h"

namespace comments::api {
namespace {

bool matches(std::string_view pattern, const std::vector<std::string>& segments) {
  pattern.remove_prefix(1);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto slash = pattern.find('/');
    const auto part = pattern.substr(0, slash);
    if (!part.starts_with('{') && part != segments[i]) {
      return false;
    }
    const bool last = i + 1 == segments.size();
    if (slash == std::string_view::npos) {
      return last;
    }
    pattern.remove_prefix(slash + 1);
  }
  return false;
}

}  // namespace

Match match(std::string_view method, const std::vector<std::string>& segments) {
  Match found;
  for (const auto& route : kRoutes) {
    if (matches(route.pattern, segments)) {
      found.at_path.push_back(&route);
      if (route.method == method || (route.method == "GET" && method == "HEAD")) {
        found.route = &route;
      }
    }
  }
  return found;
}

std::string allowed_methods(const Match& match) {
  std::string allowed;
  for (const auto* route : match.at_path) {
    allowed += route->method == "GET" ? "GET, HEAD, " : std::string(route->method) + ", ";
  }
  return allowed + "OPTIONS";
}

}  // namespace comments::api
