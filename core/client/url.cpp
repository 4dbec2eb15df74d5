#include "core/client/url.h"

#include <fmt/format.h>

namespace comments {

Result<ServiceUrl> parse_service_url(std::string_view text) {
  // What stands before an @ may be a password, which is not repeated.
  const bool has_secret = text.find('@') != std::string_view::npos;
  const Error fault{ErrorCode::bad_request,
                    fmt::format("'{}' is no service URL; write it as http://localhost:8000 or "
                                "https://comments.example.com{}",
                                has_secret ? "…" + std::string(text.substr(text.rfind('@'))) : text,
                                has_secret ? ", without a user" : ""),
                    {}};
  std::string_view rest = text;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else {
    return fault;
  }
  const auto host = rest.substr(0, rest.find('/'));
  if (host.empty() || text.find_first_of("?#@ ") != std::string_view::npos) {
    return fault;
  }
  auto prefix = rest.substr(host.size());
  while (prefix.ends_with('/')) {
    prefix.remove_suffix(1);
  }
  const auto scheme = text.substr(0, text.size() - rest.size());
  return ServiceUrl{std::string(scheme) + std::string(host), std::string(prefix)};
}

bool is_loopback(const ServiceUrl& url) {
  const std::string_view origin = url.origin;
  const auto rest = origin.substr(origin.find("://") + 3);
  const auto host = rest.substr(0, rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':'));
  const bool is_dotted = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_dotted);
}

}  // namespace comments
