// In which form a comment is shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace comments {

enum class View {
  seed,  // {"comment","email"}: the original contract
  full,  // {"comment","content_id","created_at","email","id"}
};

// What readers see of an address. The seed's list shows it to everyone, so raw is the default.
enum class EmailVisibility {
  raw,
  masked,  // a***@example.com
  hidden,  // "" in the seed's view, no such key in the full view
};

struct Presentation {
  View view = View::seed;
  EmailVisibility emails = EmailVisibility::raw;
  bool gzip = false;  // the bytes on their way, not what they say

  bool operator==(const Presentation&) const = default;
};

std::optional<EmailVisibility> parse_email_visibility(std::string_view text);

// The address as `visibility` shows it; "" when hidden.
std::string shown_email(std::string_view email, EmailVisibility visibility);

}  // namespace comments
