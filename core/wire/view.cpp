#include "core/wire/view.h"

#include "core/comment/text.h"

namespace comments {

std::optional<EmailVisibility> parse_email_visibility(std::string_view text) {
  if (text == "raw") {
    return EmailVisibility::raw;
  }
  if (text == "masked") {
    return EmailVisibility::masked;
  }
  if (text == "hidden") {
    return EmailVisibility::hidden;
  }
  return std::nullopt;
}

std::string shown_email(std::string_view email, EmailVisibility visibility) {
  switch (visibility) {
    case EmailVisibility::raw:
      return std::string(email);
    case EmailVisibility::masked: {
      auto rest = email;
      take_code_point(rest);
      const auto first = email.substr(0, email.size() - rest.size());
      return std::string(first) + "***" + std::string(email.substr(email.find('@')));
    }
    case EmailVisibility::hidden:
      break;
  }
  return {};
}

}  // namespace comments
