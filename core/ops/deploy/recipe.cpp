#include "core/ops/deploy/recipe.h"

#include <array>

#include "core/ops/deploy/steps.h"

namespace comments::ops {
namespace {

using Kind = DeployRequest::Kind;

constexpr Step kPreflight{"preflight", "is everything there that this needs?", steps::preflight,
                          scripts::preflight, std::nullopt};
constexpr Step kImage{"image", "the image of this commit, by digest", steps::image, scripts::image,
                      std::nullopt};
constexpr Step kLock{"lock", "one rollout at a time", steps::lock, scripts::lock, std::nullopt};
constexpr Step kPlan{"plan", "what Terraform would change", steps::plan, scripts::plan,
                     Phase::apply};
constexpr Step kVerify{"verify", "does the public address answer with this commit?", steps::verify,
                       scripts::verify, Phase::verify};
constexpr Step kRecord{"record", "who did what and when, and the way back", steps::record,
                       scripts::record, Phase::record};

constexpr std::array kDeploy{
    kPreflight,
    kImage,
    kLock,
    kPlan,
    Step{"migrate", "the schema, so that old and new code can both use it", steps::migrate,
         scripts::migrate, Phase::migrate},
    Step{"apply", "what was planned; a new revision without readers", steps::apply, scripts::apply,
         Phase::apply},
    Step{"gate", "does the new revision keep the contract?", steps::gate, scripts::gate,
         Phase::canary},
    Step{"canary", "a few readers, then more", steps::canary, scripts::canary, Phase::canary},
    kVerify,
    kRecord,
};

constexpr std::array kPlanOnly{
    kPreflight,
    kImage,
    kPlan,
    Step{"keep", "the plan into its file", steps::keep_plan, scripts::keep_plan, std::nullopt},
};

constexpr std::array kRollback{
    kPreflight,
    kLock,
    Step{"choose", "which release to go back to", steps::choose, scripts::choose, std::nullopt},
    Step{"restore", "readers first, then Terraform", steps::restore, scripts::restore,
         std::nullopt},
    kVerify,
    kRecord,
};

}  // namespace

std::span<const Step> recipe(Kind kind) {
  switch (kind) {
    case Kind::plan_only:
      return kPlanOnly;
    case Kind::rollback:
      return kRollback;
    case Kind::deploy:
    case Kind::resume:
      break;
  }
  return kDeploy;
}

}  // namespace comments::ops
