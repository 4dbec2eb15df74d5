#include "core/ops/deploy/dry_run.h"

#include <fmt/format.h>

#include "core/ops/deploy/recipe.h"
#include "core/ops/deploy/script.h"

namespace comments::ops {

std::string dry_run(const DeploySettings& settings, const DeployRequest& request) {
  Script script(settings, request);
  for (const auto& step : recipe(request.kind)) {
    script.note(fmt::format("{}: {}", step.name, step.what));
    step.script(script);
  }
  return script.text();
}

}  // namespace comments::ops
