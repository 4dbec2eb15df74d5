#include "core/ops/environment/drift.h"

#include <fmt/format.h>

#include "core/ops/cloud/git.h"
#include "core/ops/together.h"

namespace comments::ops {
namespace {

constexpr int kDiffers = 2;  // how terraform's plan -detailed-exitcode ends where it has changes

}  // namespace

Finding<Drift> look_at_drift(const DeploySettings& settings, World world,
                             const EnvironmentStatus& status) {
  const auto* release = released(status);
  if (release == nullptr) {
    return {.unknown = status.ended.is_unknown()
                           ? "which image was released is not known: " + status.ended.unknown
                           : "nothing has been released yet"};
  }
  const auto asked = run_together(world.runner, {terraform::init(settings.root), git::head()});
  if (!asked[0].ok()) {
    return {.unknown = describe(terraform::init(settings.root), asked[0])};
  }
  const auto planning = terraform::drift(settings.root, release->image);
  const auto planned = world.runner.run(planning);
  Drift drift{.plan = summary_of(planned.out), .looked_at = world.time.now()};
  drift.any = planned.end == Outcome::End::exited && planned.exit_code == kDiffers;
  if (!planned.ok() && !drift.any) {
    auto why =
        planned.out.empty() || drift.plan.errors.empty()
            ? describe(planning, planned)
            : fmt::format("`{}`: {}", shell_quoted(planning), fmt::join(drift.plan.errors, "; "));
    return {.unknown = std::move(why)};
  }
  if (asked[1].ok()) {
    drift.commit = asked[1].out.substr(0, asked[1].out.find('\n'));
  }
  return {.value = std::move(drift)};
}

}  // namespace comments::ops
