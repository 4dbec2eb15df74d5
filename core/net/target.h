// A request target taken apart (RFC 3986; the query as application/x-www-form-urlencoded, as
// browsers and curl write it).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comments::net {

// Percent-decoding; nullopt where a `%` is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

struct Target {
  // Split first and decoded then, so that an encoded slash (%2F) stays inside its segment.
  std::vector<std::string> segments;  // "/a/b%2Fc" → "a", "b/c"; "/" → ""
  std::vector<std::pair<std::string, std::string>> query;

  // The first value of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

// nullopt where it does not begin with `/` or has a broken percent-encoding.
std::optional<Target> parse_target(std::string_view target);

}  // namespace comments::net
