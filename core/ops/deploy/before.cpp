#include "core/ops/deploy/before.h"

#include <fmt/format.h>

namespace comments::ops {
namespace {

// A rollout could not come back to it, so it does not begin. A rollback goes on: its readers are
// where nobody serves them.
std::optional<StepResult> gone(Release& release, const std::string& revision, std::string& image) {
  if (release.progress.rollback) {
    image = release.service->image;
    release.tell(Event::Kind::note,
                 fmt::format("the revision {} has most readers, and is not there any more: an undo "
                             "of this rollback would give Terraform the newest one's image, {}",
                             revision, image));
    return std::nullopt;
  }
  return failed(fmt::format(
      "the revision {} has most readers, and is not there any more, so nobody could go back to it: "
      "give the readers to one that is there (`{}` lists them), and try again",
      revision, shell_quoted(gcloud::revisions(release.settings.place, release.settings.service))));
}

// Of the service's description only the newest revision's is known.
std::optional<StepResult> find_serving_image(Release& release, std::string& image) {
  const auto& settings = release.settings;
  const auto& service = *release.service;
  const auto serving = stable_revision(service.split);
  if (serving.empty() || serving == service.latest_created) {
    image = service.image;
    return std::nullopt;
  }
  const auto question = gcloud::revision(settings.place, serving);
  const auto outcome = release.ask(question);
  if (!outcome.ok()) {
    return says_not_found(outcome.err) ? gone(release, serving, image)
                                       : std::optional(release.failure(question, outcome));
  }
  image = parse_revision_image(outcome.out, settings.image);
  return image.empty() ? std::optional(failed(fmt::format("`{}` printed something else than a "
                                                          "revision",
                                                          shell_quoted(question))))
                       : std::nullopt;
}

}  // namespace

std::optional<StepResult> remember_before(Release& release) {
  if (release.inherits_before) {
    return std::nullopt;
  }
  Before before;
  if (const auto& service = release.service) {
    before = {.exists = true, .split = service->split, .tags = service->tags};
    if (auto fault = find_serving_image(release, before.image)) {
      return fault;
    }
    if (before.split.size() > 1) {
      release.tell(Event::Kind::note,
                   fmt::format("several revisions have readers: an undo brings back their split, "
                               "and gives Terraform the image of {}, which has most of them",
                               stable_revision(before.split)));
    }
  }
  release.progress.before = std::move(before);
  return std::nullopt;
}

}  // namespace comments::ops
