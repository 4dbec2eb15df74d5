#include "core/ops/cloud/redact.h"

#include <regex>

namespace comments::ops {

std::string redacted(std::string_view text) {
  using std::regex;
  static const regex kKey(
      "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?");
  static const regex kToken(R"(ya29\.[A-Za-z0-9_.\-]+)");
  static const regex kBearer(R"((bearer +)[A-Za-z0-9_.~+/=\-]+)", regex::icase);
  static const regex kUrl(R"((://[^\s/:@]*:)[^\s/@]+@)");
  static const regex kField(
      R"re((["']?[a-z_\-]*(?:password|passwd|secret_data|auth_token|access_token|client_secret|api_?key)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}"']+))re",
      regex::icase);
  std::string result(text);
  result = std::regex_replace(result, kKey, "…");
  result = std::regex_replace(result, kToken, "…");
  result = std::regex_replace(result, kBearer, "$1…");
  result = std::regex_replace(result, kUrl, "$1…@");
  return std::regex_replace(result, kField, "$1…");
}

}  // namespace comments::ops
