#include "core/ops/cloud/state_lock.h"

#include <fmt/format.h>

namespace comments::ops {
namespace {

// The value of a line "  Name:   value"; "" for none.
std::string value_of(std::string_view text, std::string_view name) {
  const auto begin = text.find(fmt::format("\n  {}:", name));
  if (begin == std::string_view::npos) {
    return "";
  }
  const auto value = text.find_first_not_of(' ', begin + name.size() + 4);
  const auto end = text.find('\n', begin + 1);
  return value == std::string_view::npos ? "" : std::string(text.substr(value, end - value));
}

}  // namespace

std::optional<StateLock> parse_state_lock(std::string_view text) {
  const auto error = text.find("Error acquiring the state lock");
  const auto info = error == std::string_view::npos ? error : text.find("Lock Info:", error);
  if (info == std::string_view::npos) {
    return std::nullopt;
  }
  const auto lines = text.substr(info);
  StateLock lock{.id = value_of(lines, "ID"),
                 .who = value_of(lines, "Who"),
                 .created = value_of(lines, "Created"),
                 .operation = value_of(lines, "Operation")};
  return lock.id.empty() ? std::nullopt : std::optional(std::move(lock));
}

std::string safe_to_unlock(const StateLock& lock) {
  return fmt::format(
      "only if the Terraform of {} that took it at {} ({}) does not run any more: two at once "
      "would break the state",
      lock.who, lock.created, lock.operation);
}

std::string unlock_remedy(const terraform::Root& root, std::string_view text) {
  const auto lock = parse_state_lock(text);
  return lock ? fmt::format("Terraform's state is locked. Wait, or free it with `{}`, but {}",
                            shell_quoted(terraform::force_unlock(root, lock->id)),
                            safe_to_unlock(*lock))
              : "";
}

}  // namespace comments::ops
