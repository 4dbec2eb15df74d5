// What gcloud, terraform and Prometheus print, read.
#include "core/ops/cloud/objects.h"
#include "core/ops/cloud/promql.h"
#include "core/ops/cloud/service.h"
#include "core/ops/cloud/terraform_events.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

constexpr std::string_view kService = R"({
  "spec": {
    "template": {"spec": {"containers": [
      {"image": "repo/comments-proxy:1"}, {"image": "repo/comments@sha256:1", "ports": [{}]}]}},
    "traffic": [{"latestRevision": true, "percent": 100}]},
  "status": {
    "url": "https://c.run.app",
    "latestCreatedRevisionName": "c-2", "latestReadyRevisionName": "c-1",
    "conditions": [{"type": "Ready", "status": "False", "message": "it crashed"}],
    "traffic": [
      {"revisionName": "c-1", "percent": 90},
      {"revisionName": "c-0", "percent": 10, "tag": "old", "url": "https://old---c.run.app"},
      {"revisionName": "c-2", "tag": "candidate", "url": "https://candidate---c.run.app"}]}})";

TEST_CASE("a service is read from its description", "[ops]") {
  const auto service = parse_service(kService, "repo/comments");
  REQUIRE(service);
  CHECK(service->image == "repo/comments@sha256:1");
  CHECK(service->latest_created == "c-2");
  CHECK(service->latest_ready == "c-1");
  CHECK(service->not_ready == "it crashed");
  CHECK(service->follows_latest);
  CHECK(service->split == Split{{"c-1", 90}, {"c-0", 10}});
  CHECK(service->tags == std::vector<Tag>{{"old", "c-0"}, {"candidate", "c-2"}});
  CHECK(service->tag_url("candidate") == "https://candidate---c.run.app");
  CHECK(service->tag_url("none").empty());
}

TEST_CASE("a revision that is named twice has both shares", "[ops]") {
  const auto service = parse_service(R"({"spec": {}, "status": {"traffic": [
      {"revisionName": "c-1", "percent": 60}, {"revisionName": "c-0", "percent": 10},
      {"revisionName": "c-1", "percent": 30, "tag": "old"}]}})",
                                     "repo");
  REQUIRE(service);
  CHECK(service->split == Split{{"c-1", 90}, {"c-0", 10}});
}

TEST_CASE("something else than a service is none", "[ops]") {
  CHECK_FALSE(parse_service("", ""));
  CHECK_FALSE(parse_service("[]", ""));
  CHECK_FALSE(parse_service(R"({"status": 1})", ""));
}

TEST_CASE("a revision's image is our container's, not that of one beside it", "[ops]") {
  CHECK(parse_revision_image(R"({"spec": {"containers": [
      {"image": "repo/comments-proxy:1"}, {"image": "repo/comments@sha256:1"}]}})",
                             "repo/comments") == "repo/comments@sha256:1");
  CHECK(parse_revision_image("{}", "repo/comments").empty());
  CHECK(parse_revision_image("", "repo/comments").empty());
}

TEST_CASE("what is not there is told from what cannot be asked", "[ops]") {
  for (const auto* text : {"ERROR: (gcloud.run.services.describe) Cannot find service [comments]",
                           "ERROR: (gcloud.run.services.delete) Service [c] could not be found.",
                           "ERROR: (gcloud.artifacts.docker.images.describe) Image not found.",
                           "ERROR: (gcloud.artifacts.docker.images.describe) Image [i] not found.",
                           "ERROR: (gcloud.storage.objects.describe) gs://b/o not found: 404.",
                           "ERROR: (gcloud.storage.ls) One or more URLs matched no objects."}) {
    INFO(text);
    CHECK(says_not_found(text));
  }
  for (const auto* text :
       {"ERROR: (gcloud.run.services.describe) PERMISSION_DENIED: 403",
        "ERROR: HTTPError 412: At least one of the pre-conditions you specified did not hold.",
        "ERROR: Your default credentials were not found.",
        "ERROR: no answer: /apis/serving.knative.dev/v1/namespaces/example-404/services/c",
        "ERROR: gcloud crashed (ConnectionError)"}) {
    INFO(text);
    CHECK_FALSE(says_not_found(text));
    CHECK_FALSE(says_no_service(text));
  }
  CHECK(says_no_service("ERROR: (gcloud.run.services.describe) Cannot find service [comments]"));
  CHECK_FALSE(says_no_service("ERROR: (gcloud.run.services.describe) NOT_FOUND: no such project"));
  CHECK_FALSE(says_precondition_failed(
      "ERROR: Max retries exceeded with url: /upload/o?ifGenerationMatch=1764412360000000"));
  CHECK(says_precondition_failed(
      "ERROR: HTTPError 412: At least one of the pre-conditions you specified did not hold."));
}

TEST_CASE("an object's generation is read, old and new", "[ops]") {
  CHECK(parse_generation(R"({"generation": "1795891200000001"})") == "1795891200000001");
  CHECK_FALSE(parse_generation("{}"));
  CHECK(created_generation("Copying…\nCreated: gs://b/lock.json#1795891200000002\n") ==
        "1795891200000002");
  CHECK_FALSE(created_generation("Copying file://- to gs://b/lock.json"));
}

TEST_CASE("an account and a digest are read", "[ops]") {
  CHECK(parse_account(R"([{"account": "a@example.com", "status": "ACTIVE"}])") == "a@example.com");
  CHECK_FALSE(parse_account("[]"));
  CHECK(parse_digest(R"({"image_summary": {"digest": "sha256:1"}})") == "sha256:1");
  CHECK_FALSE(parse_digest(R"({"image_summary": {"digest": "latest"}})"));
  CHECK(parse_listing("gs://b/1\n\ngs://b/2\n") ==
        std::vector<std::string>{"gs://b/1", "gs://b/2"});
}

TEST_CASE("terraform's events become a summary", "[ops]") {
  const auto summary = summary_of(
      R"({"type":"version","terraform":"1.11.4"}
{"type":"planned_change","change":{"resource":{"addr":"a.b"},"action":"create"}}
{"type":"planned_change","change":{"resource":{"addr":"a.c"},"action":"delete"}}
not json
{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":"argument"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"No","address":"a.b"}}
{"type":"change_summary","changes":{"add":1,"change":0,"remove":1}})");
  CHECK(summary.changes == std::vector<PlannedChange>{{"a.b", "create"}, {"a.c", "delete"}});
  CHECK(summary.add == 1);
  CHECK(summary.remove == 1);
  CHECK(summary.warnings == std::vector<std::string>{"Old: argument"});
  CHECK(summary.errors == std::vector<std::string>{"a.b: No"});
}

TEST_CASE("terraform's progress is read line by line", "[ops]") {
  const auto event = parse_terraform_event(
      R"({"type":"apply_progress","hook":{"resource":{"addr":"a.b"},"action":"create","elapsed_seconds":10}})");
  REQUIRE(event);
  CHECK(event->kind == TerraformEvent::Kind::going_on);
  CHECK(event->address == "a.b");
  CHECK(event->seconds == 10);
  CHECK_FALSE(parse_terraform_event(R"({"type":"log"})"));
  CHECK_FALSE(parse_terraform_event("[1]"));
  CHECK_FALSE(parse_terraform_event(""));
}

TEST_CASE("a query travels percent-encoded, and its answer is read", "[ops]") {
  CHECK(query_path("sum(a{b=\"c\"}) > 1") ==
        "/api/v1/query?query=sum%28a%7Bb%3D%22c%22%7D%29%20%3E%201");
  const auto answers = parse_answers(
      R"({"status":"success","data":{"result":[{"metric":{"x":"y"},"value":[1,"0.5"]},)"
      R"({"metric":{},"value":[1,"NaN"]}]}})");
  REQUIRE(answers);
  REQUIRE(answers->size() == 2);
  CHECK(answers->front().labels == std::map<std::string, std::string>{{"x", "y"}});
  CHECK(answers->front().value == 0.5);
  CHECK_FALSE(parse_answers(R"({"status":"error","error":"bad"})"));
  CHECK_FALSE(parse_answers("<html>"));
}

}  // namespace
}  // namespace comments::ops
