#include "core/ops/cloud/terraform_failure.h"

#include "core/ops/cloud/redact.h"
#include "core/ops/cloud/state_lock.h"
#include "core/ops/cloud/terraform_events.h"

namespace comments::ops {

std::string describe(const terraform::Root& root, const Command& command, const Outcome& outcome) {
  std::string errors;
  for (const auto& error : summary_of(outcome.out).errors) {
    errors += "\n- " + redacted(error);
  }
  auto text =
      errors.empty()
          ? describe(command, outcome)
          : describe(command,
                     {.end = outcome.end, .exit_code = outcome.exit_code, .out = {}, .err = {}}) +
                ":" + errors;
  const auto remedy = unlock_remedy(root, text);
  return remedy.empty() ? text : text + "\n" + remedy;
}

}  // namespace comments::ops
