#include "core/ops/cloud/gcloud.h"

#include <utility>

#include <fmt/format.h>

namespace comments::ops::gcloud {
namespace {

using std::chrono::seconds;

// Without a network a call stalls for 35 s by itself.
constexpr seconds kQuestion{30};
constexpr seconds kChange{180};
constexpr seconds kBuild{1'800};
constexpr seconds kMigration{1'800};

constexpr const char* kJson = "--format=json";

Command command(std::vector<std::string> words, seconds deadline) {
  words.insert(words.begin(), "gcloud");
  return {.words = std::move(words),
          .deadline = deadline,
          .environment = {{"CLOUDSDK_CORE_DISABLE_PROMPTS", "1"}}};
}

Command at(const Place& place, std::vector<std::string> words, seconds deadline) {
  words.insert(words.end(),
               {"--project=" + place.project, "--region=" + place.region, std::string(kJson)});
  return command(std::move(words), deadline);
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ","));
}

std::string text_of(const Split& split) {
  std::vector<std::string> parts;
  for (const auto& share : split) {
    parts.push_back(fmt::format("{}={}", share.revision, share.percent));
  }
  return joined(parts);
}

std::string pairs_of(const std::vector<Tag>& tags) {
  std::vector<std::string> parts;
  parts.reserve(tags.size());
  for (const auto& tag : tags) {
    parts.push_back(tag.name + "=" + tag.revision);
  }
  return joined(parts);
}

std::string names_of(const std::vector<Tag>& tags) {
  std::vector<std::string> parts;
  parts.reserve(tags.size());
  for (const auto& tag : tags) {
    parts.push_back(tag.name);
  }
  return joined(parts);
}

std::string word_of(const TagChange& change) {
  switch (change.kind) {
    case TagChange::Kind::none:
      return "";
    case TagChange::Kind::update:
      return "--update-tags=" + pairs_of(change.tags);
    case TagChange::Kind::remove:
      return "--remove-tags=" + names_of(change.tags);
    case TagChange::Kind::set:
      return change.tags.empty() ? "--clear-tags" : "--set-tags=" + pairs_of(change.tags);
  }
  return "";
}

// Of a Cloud Run revision or job.
Command log_of(const Place& place, std::string_view kind, const std::string& name) {
  return command({"logging", "read",
                  fmt::format(R"(resource.type="cloud_run_{}" AND resource.labels.{}_name="{}")",
                              kind, kind, name),
                  "--project=" + place.project, "--limit=20", "--freshness=1h", kJson},
                 kQuestion);
}

}  // namespace

Command version() {
  return command({"version", kJson}, seconds(10));
}

// Of the machine's own: no network.
Command active_account() {
  return command({"auth", "list", "--filter=status:ACTIVE", kJson}, seconds(10));
}

Command access_token() {
  return command({"auth", "print-access-token"}, kQuestion);
}

// In its own format it prints a token, and keeps it in gcloud's log.
Command application_default_login() {
  return command({"auth", "application-default", "print-access-token", "--format=none"}, kQuestion);
}

Command project(const std::string& project) {
  return command({"projects", "describe", project, kJson}, kQuestion);
}

Command enabled_services(const std::string& project) {
  return command({"services", "list", "--enabled", "--project=" + project, kJson}, kQuestion);
}

Command bucket(const std::string& name) {
  return command({"storage", "buckets", "describe", "gs://" + name, kJson}, kQuestion);
}

Command image(const std::string& image) {
  return command({"artifacts", "docker", "images", "describe", image, kJson}, kQuestion);
}

Command build(const Place& place, const std::string& config, const std::string& image,
              const std::string& commit, const std::string& time) {
  return at(place,
            {"builds", "submit", ".", "--config=" + config,
             fmt::format("--substitutions=_IMAGE={},_COMMIT={},_TIME={}", image, commit, time)},
            kBuild);
}

Command object(const std::string& url) {
  return command({"storage", "objects", "describe", url, kJson}, kQuestion);
}

Command read(const std::string& url) {
  return command({"storage", "cat", url}, kQuestion);
}

Command read(const std::string& url, const std::string& generation) {
  return read(url + "#" + generation);
}

Command write(const std::string& url, const std::string& over, std::string content) {
  auto result = command({"storage", "cp", "-", url, fmt::format("--if-generation-match={}", over),
                         "--print-created-message"},
                        kQuestion);
  result.input = std::move(content);
  return result;
}

Command remove(const std::string& url, const std::string& generation) {
  return command({"storage", "rm", url, fmt::format("--if-generation-match={}", generation)},
                 kQuestion);
}

Command objects(const std::string& folder) {
  return command({"storage", "ls", folder}, kQuestion);
}

Command service(const Place& place, const std::string& name) {
  return at(place, {"run", "services", "describe", name}, kQuestion);
}

Command remove_service(const Place& place, const std::string& name) {
  auto result = at(place, {"run", "services", "delete", name}, kChange);
  result.words.emplace_back("--quiet");
  return result;
}

Command revision(const Place& place, const std::string& name) {
  return at(place, {"run", "revisions", "describe", name}, kQuestion);
}

Command revisions(const Place& place, const std::string& service) {
  return at(place, {"run", "revisions", "list", "--service=" + service}, kQuestion);
}

Command move_traffic(const Place& place, const std::string& service, const Split& split,
                     const TagChange& tags) {
  std::vector<std::string> words{"run", "services", "update-traffic", service};
  if (!split.empty()) {
    words.push_back("--to-revisions=" + text_of(split));
  }
  if (auto word = word_of(tags); !word.empty()) {
    words.push_back(std::move(word));
  }
  return at(place, std::move(words), kChange);
}

Command set_job_image(const Place& place, const std::string& job, const std::string& image) {
  return at(place, {"run", "jobs", "update", job, "--image=" + image}, kChange);
}

Command run_job(const Place& place, const std::string& job) {
  return at(place, {"run", "jobs", "execute", job, "--wait"}, kMigration);
}

Command revision_log(const Place& place, const std::string& revision) {
  return log_of(place, "revision", revision);
}

Command job_log(const Place& place, const std::string& job) {
  return log_of(place, "job", job);
}

Command alert_policies(const std::string& project) {
  return command({"alpha", "monitoring", "policies", "list", "--project=" + project, kJson},
                 kQuestion);
}

}  // namespace comments::ops::gcloud
