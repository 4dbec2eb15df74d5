// The schema, before the code that needs it. The old code still runs on it: migrations only add.
#include <fmt/format.h>

#include "core/ops/deploy/steps.h"

namespace comments::ops::steps {

StepResult migrate(Release& release) {
  const auto& settings = release.settings;
  if (settings.migrate_job.empty()) {
    return skipped("there is no database");
  }
  if (!release.progress.before.exists) {
    return skipped("there is no job yet: the first instance makes the schema at its start");
  }
  if (auto fault = release.advance(Phase::migrate)) {
    return *fault;
  }
  const auto image = gcloud::set_job_image(settings.place, settings.migrate_job, release.image());
  if (const auto outcome = release.ask(image); !outcome.ok()) {
    return release.failure(image, outcome);
  }
  const auto job = gcloud::run_job(settings.place, settings.migrate_job);
  if (const auto outcome = release.run(job); !outcome.ok()) {
    auto result = release.failure(job, outcome);
    result.text += "\nThe code that serves goes on with the schema as it is.";
    return result;
  }
  return done("the schema is that of this commit");
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void migrate(Script& script) {
  const auto& settings = script.settings;
  if (settings.migrate_job.empty()) {
    return script.note("skipped: there is no database");
  }
  script.write_lock();
  script.command(gcloud::set_job_image(settings.place, settings.migrate_job, script.image));
  script.command(gcloud::run_job(settings.place, settings.migrate_job));
}

}  // namespace comments::ops::scripts
