#include "core/ops/cloud/redact.h"

#include <regex>

namespace comments::ops {

std::string redacted(std::string_view text) {
  using std::regex;
  static const regex key(
      "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?");
  static const regex token(R"(ya29\.[A-Za-z0-9_.\-]+)");
  static const regex bearer(R"((bearer +)[A-Za-z0-9_.~+/=\-]+)", regex::icase);
  static const regex url(R"((://[^\s/:@]*:)[^\s/@]+@)");
  static const regex field(
      R"re((["']?[a-z_\-]*(?:password|passwd|secret_data|auth_token|access_token|client_secret|api_?key)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}"']+))re",
      regex::icase);
  std::string result(text);
  result = std::regex_replace(result, key, "…");
  result = std::regex_replace(result, token, "…");
  result = std::regex_replace(result, bearer, "$1…");
  result = std::regex_replace(result, url, "$1…@");
  return std::regex_replace(result, field, "$1…");
}

}  // namespace comments::ops
