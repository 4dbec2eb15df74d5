// An environment looked at, through a script of what the world answers.
#include "core/ops/environment/look.h"

#include <mutex>

#include "core/ops/cloud/objects.h"
#include "core/ops/environment/questions.h"
#include "core/wire/bodies.h"
#include "tests/support/catch.h"
#include "tests/support/environments.h"

namespace comments::tests {
namespace {

using ops::Command;
using ops::Outcome;

constexpr const char* kToken = "ya29.secret";
constexpr const char* kService = R"({"status":{"latestCreatedRevisionName":"comments-00007-abc",
  "traffic":[{"revisionName":"comments-00007-abc","percent":100}]},
  "spec":{"template":{"spec":{"containers":[{"image":"registry.example/comments@sha256:1111"}]}}}})";
constexpr const char* kPolicies = R"([
  {"displayName":"CommentsDown: x","userLabels":{"service":"comments","severity":"page"},
   "conditions":[{"conditionPrometheusQueryLanguage":{"query":"down"}}]},
  {"displayName":"Silent: x","enabled":false,"userLabels":{"service":"comments"},
   "conditions":[{"conditionPrometheusQueryLanguage":{"query":"never asked"}}]},
  {"displayName":"Quiet: x","userLabels":{"service":"comments","severity":"ticket"},
   "conditions":[{"conditionPrometheusQueryLanguage":{"query":"quiet"}}]},
  {"displayName":"Uptime","userLabels":{"service":"comments","severity":"page"},
   "conditions":[{"conditionThreshold":{}}]}])";

Outcome failed(std::string err) {
  return {.exit_code = 1, .out = {}, .err = std::move(err)};
}

std::string series(const std::string& value) {
  return R"({"status":"success","data":{"result":[{"metric":{},"value":[0,")" + value + R"("]}]}})";
}
const std::string kNoSeries = R"({"status":"success","data":{"result":[]}})";

// What is said by the beginning of a command line, the longest that fits; by the address and the
// query that is asked there.
class Script : public ops::Runner, public ops::Web, public ops::Time, public ops::Files {
 public:
  Script() {
    says("gcloud auth list", {.out = R"([{"account":"alice@example.com"}])", .err = {}});
    says("gcloud auth print-access-token", {.out = std::string(kToken) + "\n", .err = {}});
    says("gcloud run services describe", {.out = kService, .err = {}});
    says("gcloud storage cat gs://b/deploy/lock.json",
         failed("ERROR: (gcloud.storage.cat) gs://b/deploy/lock.json not found: 404."));
    says("gcloud storage ls", {.out = "gs://b/deploy/releases/1.json\n", .err = {}});
    says("gcloud storage cat gs://b/deploy/releases/1.json",
         {.out = record_json(record_of(kCommit, "released", std::chrono::minutes(60))), .err = {}});
    says("gcloud alpha monitoring policies list", {.out = kPolicies, .err = {}});
    says("git rev-parse HEAD", {.out = kCommit + "\n", .err = {}});
    says("terraform -chdir=stack", {.out = {}, .err = {}});
  }

  void says(const std::string& beginning, const Outcome& outcome) {
    outcomes_[beginning] = outcome;
  }

  Outcome run(const Command& command, const ops::LineSink&) override {
    const std::lock_guard lock(mutex_);
    commands.push_back(command);
    const auto line = shell_quoted(command);
    for (auto each = outcomes_.rbegin(); each != outcomes_.rend(); ++each) {
      if (line.starts_with(each->first)) {
        return each->second;
      }
    }
    return failed("nobody has written what this says: " + line);
  }
  bool is_running(int) override { return false; }

  Result<ops::WebAnswer> ask(const ops::WebRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests.push_back(request);
    if (request.path == "/health/ready") {
      return health;
    }
    const auto found = queries.find(request.path);
    return found == queries.end() ? metrics : ops::WebAnswer{200, found->second, 0};
  }

  Timestamp now() override { return kNoon; }
  bool sleep(std::chrono::milliseconds) override { return true; }
  Result<std::string> read(const std::string&) override { return Error{}; }
  Result<void> write(const std::string&, const std::string&) override { return Error{}; }

  ops::World world() { return {*this, *this, *this, *this}; }
  ops::EnvironmentStatus look(bool drift = true) { return ops::look(settings, world(), drift); }

  bool has_run(std::string_view beginning) {
    return std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
      return shell_quoted(command).starts_with(beginning);
    });
  }

  ops::DeploySettings settings = [] {
    ops::DeploySettings all;
    all.environment = "prod";
    all.place = {"example-comments-prod", "europe-west1"};
    all.service = "comments";
    all.image = "registry.example/comments";
    all.state_bucket = "b";
    all.url = "https://comments.example.com";
    all.prometheus = "https://monitoring.googleapis.com/v1";
    all.migrate_job = "comments-migrate";
    all.root = {"stack", "backend", "variables"};
    return all;
  }();
  Result<ops::WebAnswer> health = ops::WebAnswer{
      200, health_body({.status = "READY", .commit = kCommit, .reads = true, .writes = true}), 0};
  Result<ops::WebAnswer> metrics = ops::WebAnswer{200, kNoSeries, 0};
  std::map<std::string, std::string> queries;  // path → body
  std::vector<Command> commands;
  std::vector<ops::WebRequest> requests;

 private:
  std::map<std::string, Outcome> outcomes_;
  std::mutex mutex_;
};

std::string text_of(const ops::Assessment& assessment) {
  std::string text;
  for (const auto* part : {&assessment.reasons, &assessment.unknown}) {
    for (const auto& line : *part) {
      text += line + '\n';
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a look finds everything that is there", "[ops]") {
  Script script;
  script.queries[ops::query_path(ops::traffic_queries().requests)] = series("130");
  script.queries[ops::query_path(ops::traffic_queries().p99)] = series("0.0032");
  script.queries[ops::query_path(budget_queries(ops::objectives().front()).bad)] = series("0.0005");
  const auto status = script.look();
  const auto assessment = assess(status);
  CAPTURE(text_of(assessment));
  CHECK(assessment.verdict == ops::EnvironmentVerdict::ok);
  CHECK(assessment.unknown.empty());
  CHECK(status.answer.value->health.commit == kCommit);
  CHECK((*status.service.value)->split == ops::Split{{"comments-00007-abc", 100}});
  CHECK_FALSE(*status.rollout.value);
  CHECK(status.ended.value->size() == 1);
  CHECK(status.traffic.value->requests_per_second == 130);
  CHECK(status.traffic.value->p99 == 0.0032);
  CHECK_FALSE(status.traffic.value->p50);
  CHECK(status.budgets.value->front().left == 0.5);
  CHECK(status.alerts.value->watched == 3);
  CHECK(status.alerts.value->unseen == std::vector<std::string>{"Uptime"});
  CHECK(status.alerts.value->disabled == std::vector<std::string>{"Silent"});
  CHECK_FALSE(status.drift.value->any);
  CHECK(status.drift.value->commit == kCommit);
}

TEST_CASE("without an account nothing else is asked of the cloud", "[ops]") {
  Script script;
  script.says("gcloud auth list", {.out = "[]", .err = {}});
  const auto status = script.look();
  CHECK(status.no_access == "gcloud has no account: run `gcloud auth login`");
  CHECK(script.commands.size() == 1);
  script.says("gcloud auth list",
              {.end = Outcome::End::not_started, .out = {}, .err = "there is no program gcloud"});
  CHECK(script.look().no_access ==
        "gcloud could not be started: there is no program gcloud; install the Google Cloud CLI");
}

TEST_CASE("a question that fails is unknown with its reason, and takes no other with it", "[ops]") {
  struct Case {
    const char* command;
    const char* what;
  };
  const auto each = GENERATE(Case{"gcloud run services describe", "service: "},
                             Case{"gcloud storage cat gs://b/deploy/lock.json", "rollout: "},
                             Case{"gcloud storage ls", "releases: "},
                             Case{"gcloud storage cat gs://b/deploy/releases/1.json", "releases: "},
                             Case{"gcloud alpha monitoring policies list", "alerts: "},
                             Case{"terraform -chdir=stack init", "drift: "},
                             Case{"terraform -chdir=stack plan", "drift: "});
  CAPTURE(each.command);
  Script script;
  script.says(each.command, failed("ERROR: (gcloud) PERMISSION_DENIED: no"));
  const auto unknown = assess(script.look()).unknown;
  REQUIRE_FALSE(unknown.empty());
  CHECK(unknown.front().starts_with(each.what));
  CHECK(unknown.front().find("PERMISSION_DENIED") != std::string::npos);
  const bool takes_drift = std::string(each.what) == "releases: ";  // of which image?
  CHECK(unknown.size() == (takes_drift ? 2 : 1));
}

TEST_CASE("no figures is unknown for whatever is made of them, and no more", "[ops]") {
  Script script;
  script.metrics = Error{ErrorCode::unavailable, "connection refused", {}};
  CHECK(assess(script.look()).unknown ==
        std::vector<std::string>{"instances: connection refused", "figures: connection refused",
                                 "budget: connection refused",
                                 "alerts: 2 of them, such as CommentsDown: connection refused"});
  CHECK(script.look().alerts.value->unjudged ==
        std::vector<std::string>{"CommentsDown: connection refused", "Quiet: connection refused"});
}

TEST_CASE("something else than what was asked for is unknown, too", "[ops]") {
  Script script;
  for (const auto* command :
       {"gcloud run services describe", "gcloud storage cat gs://b/deploy/lock.json",
        "gcloud storage cat gs://b/deploy/releases/1.json",
        "gcloud alpha monitoring policies list"}) {
    script.says(command, {.out = "<html>", .err = {}});
  }
  script.metrics = ops::WebAnswer{502, "<html>", 0};
  script.health = ops::WebAnswer{502, "<html>", 0};
  const auto assessment = assess(script.look());
  CHECK(assessment.verdict == ops::EnvironmentVerdict::unreachable);
  CHECK(assessment.unknown.size() == 8);
  CHECK(assessment.reasons.front().find("does not answer: HTTP 502") != std::string::npos);
}

TEST_CASE("a service, a lock and releases that are not there are known not to be", "[ops]") {
  Script script;
  script.says("gcloud run services describe",
              failed("ERROR: (gcloud.run.services.describe) Cannot find service [comments]"));
  script.says("gcloud storage ls",
              failed("ERROR: (gcloud.storage.ls) One or more URLs matched no objects."));
  const auto status = script.look();
  CHECK_FALSE(*status.service.value);
  CHECK_FALSE(*status.rollout.value);
  CHECK(status.ended.value->empty());
  CHECK(status.drift.unknown == "nothing has been released yet");
  CHECK_FALSE(script.has_run("terraform"));
}

TEST_CASE("of many releases the newest five are read", "[ops]") {
  Script script;
  std::string names;
  for (const char name : std::string("31527648")) {
    names += std::string("gs://b/deploy/releases/") + name + ".json\n";
    script.says(std::string("gcloud storage cat gs://b/deploy/releases/") + name,
                {.out = record_json(record_of(std::string(40, name), "released", {})), .err = {}});
  }
  script.says("gcloud storage ls", {.out = names, .err = {}});
  std::string read;
  const auto status = script.look();
  for (const auto& record : status.ended.value.value()) {
    read += record.commit.front();
  }
  CHECK(read == "87654");
}

TEST_CASE("a policy fires while its PromQL has an answer; one that is off is not asked", "[ops]") {
  Script script;
  script.queries[ops::query_path("down")] = series("0");
  const auto alerts = script.look().alerts.value.value();
  REQUIRE(alerts.firing.size() == 1);
  CHECK(alerts.firing.front().name == "CommentsDown");
  CHECK(alerts.firing.front().severity == "page");
  CHECK(std::none_of(script.requests.begin(), script.requests.end(), [](const auto& request) {
    return request.path == ops::query_path("never asked");
  }));
}

TEST_CASE("a Prometheus of our own is asked what fires, without a token", "[ops]") {
  Script script;
  script.settings.prometheus = "http://127.0.0.1:9090";
  CHECK(script.look().alerts.unknown ==
        "http://127.0.0.1:9090 does not evaluate our rules: its Watchdog is silent");
  script.queries[ops::query_path(ops::firing_query())] =
      R"({"status":"success","data":{"result":[{"metric":{"alertname":"Watchdog",)"
      R"("severity":"none"},"value":[0,"1"]}]}})";
  CHECK(script.look().alerts.value->firing.empty());
  CHECK_FALSE(script.has_run("gcloud auth print-access-token"));
  CHECK_FALSE(script.has_run("gcloud alpha"));
  for (const auto& request : script.requests) {
    CHECK(request.headers.empty());
  }
}

TEST_CASE("the token goes to Google's metrics alone, once asked for, and is shown nowhere",
          "[ops]") {
  Script script;
  script.metrics = ops::WebAnswer{403, std::string("bad token ") + kToken, 0};
  const auto status = script.look();
  CHECK(std::count_if(script.commands.begin(), script.commands.end(), [](const Command& command) {
          return command.words.back() == "print-access-token";
        }) == 1);
  for (const auto& request : script.requests) {
    CHECK(request.headers.empty() == (request.path == "/health/ready"));
  }
  CHECK(text_of(assess(status)).find(kToken) == std::string::npos);
  for (const auto& command : script.commands) {
    CHECK(shell_quoted(command).find(kToken) == std::string::npos);
  }
}

TEST_CASE("without a prometheus nobody asks for figures, and nothing is unknown", "[ops]") {
  Script script;
  script.settings.prometheus.clear();
  const auto status = script.look();
  CHECK(assess(status).unknown.empty());
  CHECK_FALSE(status.traffic.value);
  CHECK(script.requests.size() == 1);
}

TEST_CASE("drift is what terraform would change, with the released image, in a folder of our own",
          "[ops]") {
  Script script;
  script.settings.root.data = "/cache/prod";
  script.says("terraform -chdir=stack plan",
              {.exit_code = 2,
               .out = R"({"type":"planned_change","change":{"resource":{"addr":"a.b"},)"
                      R"("action":"update"}})"
                      "\n"
                      R"({"type":"change_summary","changes":{"add":0,"change":1,"remove":0}})"
                      "\n",
               .err = {}});
  const auto drift = script.look().drift.value.value();
  CHECK(drift.any);
  CHECK(drift.plan.changes == std::vector<ops::PlannedChange>{{"a.b", "update"}});
  CHECK(drift.looked_at == kNoon);
  int looked = 0;
  for (const auto& command : script.commands) {
    if (command.words.front() == "terraform") {
      ++looked;
      CHECK(command.environment.back() ==
            std::pair<std::string, std::string>("TF_DATA_DIR", "/cache/prod"));
    }
  }
  CHECK(looked == 2);
  CHECK(
      script.has_run("terraform -chdir=stack plan -input=false -json -detailed-exitcode "
                     "-lock=false -var-file=variables -var=image=" +
                     kImage));
}

TEST_CASE("without drift terraform is not started", "[ops]") {
  Script script;
  CHECK_FALSE(script.look(false).drift.value);
  CHECK_FALSE(script.has_run("terraform"));
}

}  // namespace comments::tests
