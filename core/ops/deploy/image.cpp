// The image of this commit, as the digest of its bytes: a tag could be moved.
#include <fmt/format.h>

#include "core/ops/cloud/git.h"
#include "core/ops/cloud/objects.h"
#include "core/ops/deploy/steps.h"

namespace comments::ops::steps {

StepResult image(Release& release) {
  const auto& settings = release.settings;
  const auto tagged = settings.image + ":" + release.commit;
  const auto question = gcloud::image(tagged);
  auto outcome = release.ask(question);
  bool built = false;
  if (!outcome.ok() && says_not_found(outcome.err)) {
    if (!release.request.build) {
      return failed(
          fmt::format("there is no image {}: let the pipeline build this commit, or add "
                      "--build",
                      tagged));
    }
    const auto time = git::time(release.commit);
    const auto made = release.ask(time);
    if (!made.ok()) {
      return release.failure(time, made);
    }
    const auto build = gcloud::build(build_place(settings), settings.build_config, settings.image,
                                     release.commit, made.out.substr(0, made.out.find('\n')));
    if (const auto ended = release.run(build); !ended.ok()) {
      return release.failure(build, ended);
    }
    built = true;
    outcome = release.ask(question);
  }
  if (!outcome.ok()) {
    return release.failure(question, outcome);
  }
  const auto digest = parse_digest(outcome.out);
  if (!digest) {
    return failed(fmt::format("`{}` printed no digest", shell_quoted(question)));
  }
  release.digest = *digest;
  return done(fmt::format("{}{}", release.digest, built ? ", built now" : ""));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void image(Script& script) {
  const auto& settings = script.settings;
  const auto question = gcloud::image(settings.image + ":" + script.commit);
  script.command(question);
  if (script.request.build) {
    script.note("if it is not there:");
    script.command(git::time(script.commit));
    script.command(gcloud::build(build_place(settings), settings.build_config, settings.image,
                                 script.commit, "TIME"));
    script.command(question);
  }
}

}  // namespace comments::ops::scripts
