// The steps of a rollout. core/ops/deploy/recipe.h has their order and what they are for.
#pragma once

#include "core/ops/deploy/release.h"

namespace comments::ops::steps {

StepResult preflight(Release& release);
StepResult image(Release& release);
StepResult lock(Release& release);
StepResult plan(Release& release);
StepResult migrate(Release& release);
StepResult apply(Release& release);
StepResult gate(Release& release);
StepResult canary(Release& release);
StepResult verify(Release& release);
StepResult record(Release& release);

// Of --plan-only: the plan into its file.
StepResult keep_plan(Release& release);

// Of --rollback.
StepResult choose(Release& release);   // which release to go back to
StepResult restore(Release& release);  // its revision and its image

}  // namespace comments::ops::steps
