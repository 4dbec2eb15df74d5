// Terraform's own lock of its state, which a Terraform that was killed leaves behind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ops/cloud/terraform.h"

namespace comments::ops {

struct StateLock {
  std::string id;
  std::string who;        // USER@HOST
  std::string created;    // in Terraform's words
  std::string operation;  // OperationTypeApply

  bool operator==(const StateLock&) const = default;
};

// Of Terraform's error that it could not get the lock, wherever in a text. nullopt: it is none.
std::optional<StateLock> parse_state_lock(std::string_view text);

// When it may be taken away: "only if …".
std::string safe_to_unlock(const StateLock& lock);

// Of a text with that error, what to do, and what to type. "": it has none.
std::string unlock_remedy(const terraform::Root& root, std::string_view text);

}  // namespace comments::ops
