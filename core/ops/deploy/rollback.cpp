// Back to a release before: its revision gets the readers at once, Terraform follows.
#include <fmt/format.h>

#include "core/ops/cloud/objects.h"
#include "core/ops/deploy/before.h"
#include "core/ops/deploy/record.h"
#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/watch_terraform.h"

namespace comments::ops::steps {
namespace {

constexpr std::size_t kRead = 20;  // releases, from the last one on

// Who goes on with a rollback that died wants what that one wanted.
std::string wanted_of(const Release& release) {
  return release.resumed ? release.progress.commit : release.request.to_release;
}

bool fits(const ReleaseRecord& record, const Release& release, const std::string& serving) {
  if (record.result != "released" || record.revision.empty()) {
    return false;
  }
  if (const auto& chosen = release.progress.candidate; !chosen.empty()) {
    return record.revision == chosen;  // by the one that died: a commit may have had several
  }
  const auto wanted = wanted_of(release);
  return wanted.empty() ? record.revision != serving : record.commit.starts_with(wanted);
}

}  // namespace

StepResult choose(Release& release) {
  const auto& settings = release.settings;
  if (auto fault = release.describe_service()) {
    return *fault;
  }
  if (!release.service) {
    return failed("there is no service: nothing to go back from");
  }
  const auto serving = stable_revision(release.service->split);
  if (auto fault = remember_before(release)) {
    return *fault;
  }
  const auto listing = gcloud::objects(releases_folder(settings));
  const auto listed = release.ask(listing);
  if (!listed.ok() && !says_not_found(listed.err)) {
    return release.failure(listing, listed);
  }
  const auto addresses = parse_listing(listed.out);
  std::size_t read = 0;
  for (auto address = addresses.rbegin(); address != addresses.rend() && read < kRead;
       ++address, ++read) {
    const auto reading = gcloud::read(*address);
    const auto content = release.ask(reading);
    if (!content.ok()) {  // it may be the one: an older one must not take its place
      return release.failure(reading, content);
    }
    const auto record = parse_record(content.out);
    if (!record || !fits(*record, release, serving)) {
      continue;
    }
    const auto there = gcloud::revision(settings.place, record->revision);
    if (const auto outcome = release.ask(there); !outcome.ok()) {
      return failed(
          fmt::format("the revision {} of {} is not there any more: deploy that commit "
                      "anew ({})",
                      record->revision, record->commit, describe(there, outcome)));
    }
    release.progress.candidate = record->revision;
    release.progress.commit = record->commit;
    release.progress.digest = record->digest;
    release.commit = record->commit;
    release.digest = record->digest;
    return done(fmt::format("{} as {}, released by {}", record->commit.substr(0, 12),
                            record->revision, record->owner));
  }
  return failed(
      wanted_of(release).empty()
          ? fmt::format("none of the last {} records is of a release before this one: name a "
                        "commit, or deploy it anew",
                        kRead)
          : fmt::format("none of the last {} releases has a commit that begins with {}", kRead,
                        wanted_of(release)));
}

namespace {

// Readers are where a person wants them. That Terraform could not follow does not send them back.
StepResult held_behind(Release& release, const std::string& why) {
  return held(fmt::format("{} has all readers, but Terraform has not followed: {}",
                          release.progress.candidate, why));
}

StepResult held_behind(Release& release, const Command& command, const Outcome& outcome) {
  return held_behind(release, release.terraform_failure(command, outcome).text);
}

}  // namespace

StepResult restore(Release& release) {
  const auto& settings = release.settings;
  if (auto fault = release.advance(Phase::canary)) {
    return *fault;
  }
  const auto move =
      gcloud::move_traffic(settings.place, settings.service, {{release.progress.candidate, 100}});
  if (const auto outcome = release.ask(move); !outcome.ok()) {
    return release.failure(move, outcome);
  }
  release.tell(Event::Kind::progress, "all readers have " + release.progress.candidate);
  if (!release.terraform_fault.empty()) {
    return held_behind(release, release.terraform_fault);
  }
  release.tell_tree();
  const auto init = terraform::init(settings.root);
  if (const auto outcome = release.ask(init); !outcome.ok()) {
    return held_behind(release, init, outcome);
  }
  const auto apply = terraform::apply_image(settings.root, release.image());
  TerraformWatch watch(release);
  if (const auto outcome = release.run(apply, watch.sink()); !outcome.ok()) {
    return held_behind(release, apply, outcome);
  }
  return done(fmt::format("readers and Terraform are back at {}", release.progress.candidate));
}

}  // namespace comments::ops::steps

namespace comments::ops::scripts {

void choose(Script& script) {
  const auto& settings = script.settings;
  script.command(gcloud::service(settings.place, settings.service));
  script.note("if the newest revision is not the one that serves, that one's image is asked for");
  script.command(gcloud::objects(releases_folder(settings)));
  script.command(gcloud::read(releases_folder(settings) + "RELEASE.json"));
  script.command(gcloud::revision(settings.place, kRevision));
}

void restore(Script& script) {
  const auto& settings = script.settings;
  script.write_lock();
  script.move_traffic({{kRevision, 100}});
  script.command(terraform::init(settings.root));
  script.command(terraform::apply_image(settings.root, script.image));
}

}  // namespace comments::ops::scripts
