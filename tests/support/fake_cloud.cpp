#include "tests/support/fake_cloud.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/ops/cloud/json.h"
#include "core/ops/cloud/service.h"
#include "core/wire/bodies.h"

namespace comments::tests {
namespace {

using ops::Command;
using ops::Json;
using ops::Outcome;

Outcome said(std::string out, std::string err = {}) {
  return {.out = std::move(out), .err = std::move(err)};
}
Outcome refused(std::string err, int code = 1) {
  return {.exit_code = code, .out = {}, .err = std::move(err)};
}

// "--name=VALUE" among the words.
std::optional<std::string> flag(const Command& command, std::string_view name) {
  for (const auto& word : command.words) {
    if (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=') {
      return word.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

bool has(const Command& command, std::string_view word) {
  return std::find(command.words.begin(), command.words.end(), word) != command.words.end();
}

std::vector<std::pair<std::string, std::string>> pairs(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> result;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    const auto mark = part.find('=');
    result.emplace_back(part.substr(0, mark),
                        mark == std::string::npos ? "" : part.substr(mark + 1));
    begin = end + 1;
  }
  return result;
}

std::string commit_of(const FakeCloud& cloud, const std::string& image) {
  for (const auto& [commit, digest] : cloud.digests) {
    if (image.ends_with(digest)) {
      return commit;
    }
  }
  return "unknown";
}

Json containers_of(const std::string& image) {
  return Json::array({{{"image", "side/car:1"}}, {{"image", image}}});
}

}  // namespace

FakeCloud::FakeCloud() : time(Timestamp(std::chrono::milliseconds(1'800'000'000'000))) {}

std::string FakeCloud::image_of(const std::string& commit) const {
  return "europe-docker.pkg.dev/build/comments/comments@" + digests.at(commit);
}

std::string FakeCloud::serving() const {
  return ops::stable_revision(split);
}

std::optional<ops::Progress> FakeCloud::lock() const {
  const auto found = objects.find("gs://state/deploy/lock.json");
  return found == objects.end() ? std::nullopt : ops::parse_progress(found->second.content);
}

std::vector<ops::ReleaseRecord> FakeCloud::records() const {
  std::vector<ops::ReleaseRecord> records;
  for (const auto& [url, object] : objects) {
    if (url.starts_with("gs://state/deploy/releases/")) {
      records.push_back(ops::parse_record(object.content).value());
    }
  }
  return records;
}

bool FakeCloud::sleep(std::chrono::milliseconds pause) {
  time += pause;
  if (meanwhile) {
    meanwhile();
  }
  return !std::exchange(interrupted, false);
}

Outcome FakeCloud::run(const Command& command, const ops::LineSink& on_line) {
  const std::lock_guard lock(*mutex_);
  const auto number = static_cast<int>(calls.size());
  calls.push_back(command);
  time += std::chrono::milliseconds(1);
  if (instead) {
    if (auto outcome = instead(number, command)) {
      return *outcome;
    }
  }
  auto outcome = answer(command, on_line);
  if (afterwards) {
    afterwards(number, command);
  }
  if (answer_instead) {
    return answer_instead(number, command).value_or(outcome);
  }
  return outcome;
}

Outcome FakeCloud::answer(const Command& command, const ops::LineSink& on_line) {
  const auto& program = command.words.front();
  return program == "terraform" ? terraform(command, on_line)
         : program == "gcloud"  ? gcloud(command)
         : has(command, "HEAD") ? said(head + "\n")
         : has(command, "show") ? said("1795897326\n")
                                : said(changes);
}

Outcome FakeCloud::gcloud(const Command& command) {
  const auto& words = command.words;
  const auto& group = words.at(1);
  if (group == "version") {
    return said(R"({"Google Cloud SDK": "528.0.0"})");
  }
  if (group == "auth" && words.at(2) == "application-default") {
    return !application_default ? refused(
                                      "ERROR: (gcloud.auth.application-default.print-access-token) "
                                      "Your default credentials were not found.")
           : has(command, "--format=none") ? said("")
                                           : said(std::string(kToken) + "\n");
  }
  if (group == "auth") {
    return words.at(2) == "print-access-token" ? said(std::string(kToken) + "\n")
           : account.empty()                   ? said("[]")
                                               : said(Json::array({{{"account", account}}}).dump());
  }
  if (group == "projects") {
    return said("{}");
  }
  if (group == "services") {
    auto services = Json::array();
    for (const auto* name : {"artifactregistry", "logging", "monitoring", "run", "storage"}) {
      services.push_back({{"config", {{"name", std::string(name) + ".googleapis.com"}}}});
    }
    return said(services.dump());
  }
  if (group == "artifacts") {
    const auto tag = words.at(5).substr(words.at(5).rfind(':') + 1);
    return digests.contains(tag)
               ? said(Json{{"image_summary", {{"digest", digests.at(tag)}}}}.dump())
               : refused("ERROR: (gcloud.artifacts.docker.images.describe) Image not found.");
  }
  if (group == "builds") {
    digests.insert({head, "sha256:b1d"});
    return said("{}");
  }
  if (group == "logging") {
    return said(R"([{"textPayload":"it went wrong","timestamp":"2026-11-28T18:00:00Z"}])");
  }
  if (group == "storage") {
    return storage(command);
  }
  return run_service(command);
}

Outcome FakeCloud::storage(const Command& command) {
  const auto& words = command.words;
  const auto& verb = words.at(2);
  if (verb == "buckets") {
    return said("{}");
  }
  if (verb == "ls") {
    std::string listing;
    for (const auto& [url, object] : objects) {
      listing += url.starts_with(words.at(3)) ? url + "\n" : "";
    }
    return listing.empty() ? refused("ERROR: One or more URLs matched no objects.") : said(listing);
  }
  auto url = verb == "objects" || verb == "cp" ? words.at(4) : words.at(3);
  url = url.substr(0, url.find('#'));
  const auto found = objects.find(url);
  const auto generation = found == objects.end() ? 0 : found->second.generation;
  if (const auto expected = flag(command, "--if-generation-match");
      expected && *expected != std::to_string(generation)) {
    return refused(
        "ERROR: HTTPError 412: At least one of the pre-conditions you specified did not hold.");
  }
  if (verb == "cp") {
    objects[url] = {++generation_, command.input.value()};
    return said("", fmt::format("Copying file://- to {}\nCreated: {}#{}\n", url, url, generation_));
  }
  if (found == objects.end()) {
    return refused(fmt::format("ERROR: gs:// not found: 404: {}", url));
  }
  if (verb == "objects") {
    return said(Json{{"generation", std::to_string(generation)}}.dump());
  }
  if (verb == "cat") {
    return said(found->second.content);
  }
  objects.erase(found);
  return said("");
}

Outcome FakeCloud::run_service(const Command& command) {
  const auto& kind = command.words.at(2);
  const auto& verb = command.words.at(3);
  if (kind == "jobs") {
    if (verb == "update") {
      job_image = flag(command, "--image").value();
    } else {
      migrated.push_back(job_image);
    }
    return said("{}");
  }
  if (kind == "revisions") {
    const auto named = std::find_if(revisions.begin(), revisions.end(), [&](const auto& revision) {
      return revision.name == command.words.at(4);
    });
    return named != revisions.end()
               ? said(Json{{"spec", {{"containers", containers_of(named->image)}}}}.dump())
               : refused(
                     fmt::format("ERROR: (gcloud.run.revisions.describe) Cannot find revision [{}]",
                                 command.words.at(4)));
  }
  if (revisions.empty()) {
    return refused(verb == "describe"
                       ? "ERROR: (gcloud.run.services.describe) Cannot find service [comments]"
                       : "ERROR: Service [comments] could not be found.");
  }
  if (verb == "describe") {
    return said(service_json());
  }
  if (verb == "delete") {
    revisions.clear();
    split.clear();
    tags.clear();
    return said("");
  }
  return update_traffic(command);
}

Outcome FakeCloud::update_traffic(const Command& command) {
  if (const auto text = flag(command, "--to-revisions")) {
    follows_latest = false;
    split.clear();
    for (const auto& [revision, percent] : pairs(*text)) {
      split.push_back({revision, std::stoi(percent)});
    }
    std::sort(split.begin(), split.end(), [](const auto& left, const auto& right) {
      return left.revision < right.revision;  // as gcloud does
    });
  }
  const auto untag = [this](const std::string& name) {
    std::erase_if(tags, [&](const ops::Tag& tag) { return tag.name == name; });
  };
  if (const auto text = flag(command, "--remove-tags")) {
    untag(*text);
  }
  if (has(command, "--clear-tags") || flag(command, "--set-tags")) {
    tags.clear();
  }
  for (const auto* name : {"--update-tags", "--set-tags"}) {
    for (const auto& [tag, revision] : pairs(flag(command, name).value_or(""))) {
      untag(tag);
      tags.push_back({tag, revision});
    }
  }
  return said("[]");
}

Outcome FakeCloud::terraform(const Command& command, const ops::LineSink& on_line) {
  const auto variable = [&] {
    for (const auto& word : command.words) {
      if (word.starts_with("-var=image=")) {
        return word.substr(11);
      }
    }
    return std::string();
  }();
  if (has(command, "version")) {
    return said(R"({"terraform_version":"1.11.4"})");
  }
  if (has(command, "plan")) {
    if (const auto out = flag(command, "-out")) {
      files[*out] = "plan of " + variable;
      planned_split_ = split;
      planned_to_follow_ = follows_latest;
    }
    auto outcome =
        state_image == variable
            ? said("")
            : said(
                  R"({"type":"planned_change","change":{"resource":{"addr":"module.service.x"},"action":"update"}})"
                  "\n"
                  R"({"type":"change_summary","changes":{"add":0,"change":1,"remove":0}})"
                  "\n");
    outcome.exit_code = state_image == variable ? 0 : 2;
    return outcome;
  }
  if (has(command, "apply")) {
    const bool from_plan = variable.empty();
    return apply(from_plan ? files.at(command.words.back()).substr(8) : variable, from_plan,
                 on_line);
  }
  return said("");
}

// Without traffic of Terraform's: a new revision gets readers only where there is no other.
Outcome FakeCloud::apply(const std::string& image, bool from_plan, const ops::LineSink& on_line) {
  state_image = image;
  if (!revisions.empty() && revisions.back().image == image) {
    return said("");
  }
  if (on_line) {
    on_line(
        R"({"type":"apply_start","hook":{"resource":{"addr":"module.service.x"},"action":"update"}})");
  }
  revisions.push_back({fmt::format("comments-{:05}", revisions.size() + 1), image});
  // Google's provider sends the service as a whole, its traffic as the plan found it.
  if (!from_plan) {
    planned_split_ = split;
    planned_to_follow_ = follows_latest;
  }
  follows_latest = planned_to_follow_;
  split = planned_to_follow_ || planned_split_.empty() ? ops::Split{{revisions.back().name, 100}}
                                                       : planned_split_;
  objects["gs://state/stack/default.tfstate"] = {++generation_, image};
  if (on_line) {
    on_line(
        R"({"type":"apply_complete","hook":{"resource":{"addr":"module.service.x"},"action":"update"}})");
  }
  return said("");
}

std::string FakeCloud::service_json() const {
  auto traffic = Json::array();
  for (const auto& share : split) {
    traffic.push_back({{"percent", share.percent}, {"revisionName", share.revision}});
  }
  for (const auto& tag : tags) {
    traffic.push_back({{"revisionName", tag.revision},
                       {"tag", tag.name},
                       {"url", "http://" + tag.name + ".example"}});
  }
  const auto containers = containers_of(revisions.back().image);
  const auto wanted = Json::array({{{"latestRevision", follows_latest}, {"percent", 100}}});
  return Json{
      {"spec", {{"template", {{"spec", {{"containers", containers}}}}}, {"traffic", wanted}}},
      {"status",
       {{"latestCreatedRevisionName", revisions.back().name},
        {"latestReadyRevisionName", revisions.back().name},
        {"traffic", traffic},
        {"url", kPublicUrl}}}}
      .dump();
}

std::string FakeCloud::revision_behind(const std::string& url) const {
  if (url == kPublicUrl) {
    return serving();
  }
  for (const auto& tag : tags) {
    if (url == "http://" + tag.name + ".example") {
      return tag.revision;
    }
  }
  return "";
}

Result<ops::WebAnswer> FakeCloud::ask(const ops::WebRequest& request) {
  time += std::chrono::milliseconds(1);
  if (web_instead) {
    if (auto answer = web_instead(request)) {
      return *answer;
    }
  }
  if (request.url == kPrometheusUrl) {
    return prometheus(request);
  }
  const auto name = revision_behind(request.url);
  const auto revision = std::find_if(revisions.begin(), revisions.end(),
                                     [&](const auto& each) { return each.name == name; });
  if (revision == revisions.end()) {
    return Error{ErrorCode::unavailable, "nobody answers at " + request.url, {}};
  }
  const auto commit = commit_of(*this, revision->image);
  if (request.path == "/health/ready") {
    return ops::WebAnswer{
        200,
        health_body({.status = "READY", .version = "1", .commit = commit, .revision_name = name}),
        0.001};
  }
  if (broken.contains(revision->image)) {
    return ops::WebAnswer{500, "{}", 0.001};
  }
  const auto thread = "_probe-" + commit.substr(0, 12);
  if (!request.json.empty()) {
    posted.insert(ops::text_at(ops::parse_json(request.json), "/content_id"));
    return ops::WebAnswer{200, created_body(*ContentId::parse(thread)), 0.001};
  }
  const auto asked = request.path.substr(request.path.rfind('/') + 1);
  if (!posted.contains(asked)) {
    return ops::WebAnswer{404, no_thread_body(*ContentId::parse(asked)), 0.001};
  }
  const Comment comment{1, "probe@example.com", "probe of " + commit, {}};
  return ops::WebAnswer{200, list_body(*ContentId::parse(asked), std::array{comment}, {}), 0.001};
}

Result<ops::WebAnswer> FakeCloud::prometheus(const ops::WebRequest& request) const {
  const bool logged_in = request.headers == std::vector<std::pair<std::string, std::string>>{
                                                {"Authorization", std::string("Bearer ") + kToken}};
  if (!logged_in) {
    return ops::WebAnswer{401, "{}", 0.001};
  }
  if (blind) {
    return Error{ErrorCode::unavailable, "no answer", {}};
  }
  const bool is_p99 = request.path.find("histogram_quantile") != std::string::npos;
  const bool is_front = request.path.find("googleapis") != std::string::npos;
  const bool is_errors = request.path.find("code%3D~") != std::string::npos && !is_p99;
  auto result = Json::array();
  for (const auto& revision : revisions) {
    const auto known = figures.find(revision.name);
    const auto figure =
        known == figures.end() ? ops::RevisionFigures{1'000, 0, 0.02} : known->second;
    if (is_front || (is_p99 && !figure.p99)) {
      continue;
    }
    const auto value = is_p99 ? *figure.p99 : is_errors ? figure.errors : figure.requests;
    result.push_back({{"metric", {{"revision_name", revision.name}}},
                      {"value", Json::array({0, fmt::format("{}", value)})}});
  }
  return ops::WebAnswer{200, Json{{"data", {{"result", result}}}, {"status", "success"}}.dump(),
                        0.001};
}

Result<std::string> FakeCloud::read(const std::string& path) {
  const auto found = files.find(path);
  return found == files.end() ? Result<std::string>(Error{ErrorCode::not_found, path, {}})
                              : found->second;
}

Result<void> FakeCloud::write(const std::string& path, const std::string& content) {
  files[path] = content;
  return {};
}

std::string Listener::text() const {
  std::string text;
  for (const auto& event : events) {
    text += fmt::format("{} {}: {}\n", word_of(event.kind), event.step, event.text);
  }
  return text;
}

bool Listener::has_begun(std::string_view step) const {
  return std::any_of(events.begin(), events.end(),
                     [&](const ops::Event& event) { return event.step == step; });
}

}  // namespace comments::tests
