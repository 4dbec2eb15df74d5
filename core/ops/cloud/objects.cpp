#include "core/ops/cloud/objects.h"

#include "core/ops/cloud/json.h"

namespace comments::ops {

std::optional<std::string> parse_generation(std::string_view json) {
  const auto generation = number_at(parse_json(json), "/generation", 0);
  return generation <= 0 ? std::nullopt : std::optional(std::to_string(generation));
}

std::optional<std::string> created_generation(std::string_view standard_error) {
  constexpr std::string_view kCreated = "Created: gs://";
  const auto begin = standard_error.rfind(kCreated);
  const auto mark = begin == std::string_view::npos ? begin : standard_error.find('#', begin);
  if (mark == std::string_view::npos) {
    return std::nullopt;
  }
  const auto end = standard_error.find_first_not_of("0123456789", mark + 1);
  const auto generation =
      standard_error.substr(mark + 1, end == std::string_view::npos ? end : end - mark - 1);
  return generation.empty() ? std::nullopt : std::optional(std::string(generation));
}

bool says_precondition_failed(std::string_view standard_error) {
  return standard_error.find("pre-condition") != std::string_view::npos ||
         standard_error.find("conditionNotMet") != std::string_view::npos ||
         standard_error.find("HTTPError 412") != std::string_view::npos;
}

std::vector<std::string> parse_listing(std::string_view text) {
  std::vector<std::string> addresses;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (const auto line = text.substr(0, end); line.starts_with("gs://")) {
      addresses.emplace_back(line);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return addresses;
}

std::optional<std::string> parse_digest(std::string_view json) {
  const auto digest = text_at(parse_json(json), "/image_summary/digest");
  return digest.starts_with("sha256:") ? std::optional(digest) : std::nullopt;
}

std::optional<std::string> parse_account(std::string_view json) {
  const auto document = parse_json(json);
  const auto account = document.is_array() && !document.empty()
                           ? text_at(document.front(), "/account")
                           : std::string();
  return account.empty() ? std::nullopt : std::optional(account);
}

}  // namespace comments::ops
