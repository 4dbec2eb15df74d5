// Everything that one look at a service has shown.
#pragma once

#include <optional>
#include <string>

#include "core/comment/comment.h"
#include "core/ops/figures.h"
#include "core/wire/answers.h"

namespace comments::ops {

enum class Verdict {
  ready,
  degraded,     // it answers, and says itself that it is not, or not wholly, ready
  unreachable,  // nobody answers, or somebody else
};

// `http_status`: what the answer came with.
Verdict verdict_of(const Health& health, int http_status);

struct ServiceStatus {
  Timestamp time;
  std::string url;
  std::string admin_url;  // "": nobody has named one
  Verdict verdict = Verdict::unreachable;
  std::optional<Health> health;  // of what is not unreachable
  std::string message;           // what is wrong, and what to do; "" when ready
  std::optional<Figures> figures;
  std::string figures_message;  // why there are none, or not all, and what to do
};

}  // namespace comments::ops
