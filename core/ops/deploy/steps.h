// The steps of a rollout, each with what it would run, written down. core/ops/deploy/recipe.h has
// their order and what they are for.
#pragma once

#include "core/ops/deploy/release.h"
#include "core/ops/deploy/script.h"

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

namespace comments::ops::scripts {

void preflight(Script& script);
void image(Script& script);
void lock(Script& script);
void plan(Script& script);
void migrate(Script& script);
void apply(Script& script);
void gate(Script& script);
void canary(Script& script);
void verify(Script& script);
void record(Script& script);
void keep_plan(Script& script);
void choose(Script& script);
void restore(Script& script);

}  // namespace comments::ops::scripts
