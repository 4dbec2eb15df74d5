// What `comments status --env` shows of what it has found, to people and to programs.
#include "cli/environment_json.h"
#include "cli/environment_text.h"
#include "core/comment/text.h"
#include "tests/support/catch.h"
#include "tests/support/environments.h"

namespace comments::cli {
namespace {

using tests::healthy;
using tests::kNoon;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an environment that is well, on one screen", "[cli]") {
  const auto text = environment_text(healthy(), false);
  CHECK(text == R"(OK  prod: comments in example-comments-prod, europe-west1, 12:00:00 UTC

public     https://comments.example.com  READY, commit 0123456789ab, revision
           comments-00007-abc
release    0123456789ab by alice@example.com, 2026-11-28 11:00,
           comments-00007-abc
traffic    comments-00007-abc 100 %
rollout    none goes on
instances  2 of comments-00007-abc
requests   130/s, errors 0.01 %, p50 0.50 ms, p99 3.20 ms (last 5 min)
budget     availability 99.9 %: 78.0 % of 30d left, burns 0.4 x (last hour)
           latency 99 %: 100.0 % of 30d left, burns 0.0 x (last hour)
alerts     none fires, of 28 policies
drift      none, looked at 12:00:00 UTC
ended      2026-11-28 11:00  released     0123456789ab  alice@example.com
           2026-11-28 02:00  released     89abcdef0123  alice@example.com
see        https://grafana.example.com,
           https://console.cloud.google.com/monitoring/alerting?project=p
)");
  CHECK(lines_of(text).size() < 24);
  for (const auto& line : lines_of(text)) {
    CAPTURE(line);
    CHECK(count_code_points(line).value_or(1'000) <= 80);
  }
}

TEST_CASE("an environment that is not well says why first", "[cli]") {
  auto status = healthy();
  status.alerts.value->firing = {{"CommentsDown", "page"}};
  status.migrate_job.clear();
  CHECK(environment_text(status, false)
            .starts_with("DEGRADED  prod: comments in example-comments-prod, europe-west1, "
                         "12:00:00 UTC\n"
                         "  - the alert CommentsDown fires (page)\n"
                         "    ephemeral: without a database, comments live in one instance's "
                         "memory, until\n"
                         "    it ends\n\npublic "));
  CHECK(has(environment_text(status, false), "firing: CommentsDown (page), of 28 policies\n"));
}

TEST_CASE("what is unknown says why, what was not asked says so", "[cli]") {
  auto status = healthy();
  status.service = {.unknown = "`gcloud x` ended with 1:\nERROR: no\x1b[2J"};
  status.traffic = {.unknown = "connection refused"};
  status.drift = {};
  status.alerts = {};
  status.alerts.unknown.clear();
  const auto text = environment_text(status, false);
  CHECK(text.starts_with("UNREACHABLE  prod"));
  CHECK(has(text, "traffic    unknown: `gcloud x` ended with 1: ERROR: no\uFFFD[2J\n"));
  CHECK(has(text, "requests   unknown: connection refused\n"));
  CHECK(has(text, "drift      not looked at\n"));
  CHECK(has(text, "alerts     not set up: deploy.toml names no prometheus\n"));
}

TEST_CASE("ok with something unknown is said to be ok as far as is known", "[cli]") {
  auto status = healthy();
  status.alerts = {.unknown = "no"};
  CHECK(has(lines_of(environment_text(status, false)).front(), "UTC, as far as is known"));
}

TEST_CASE("an environment that cannot be asked is one reason long", "[cli]") {
  ops::EnvironmentStatus status{.time = kNoon,
                                .environment = "prod",
                                .project = "p",
                                .region = "r",
                                .service_name = "comments",
                                .no_access = "gcloud has no account: run `gcloud auth login`"};
  CHECK(environment_text(status, false) ==
        "UNREACHABLE  prod: comments in p, r, 12:00:00 UTC\n"
        "  - gcloud has no account: run `gcloud auth login`\n");
}

TEST_CASE("an environment's verdict is green, yellow or red", "[cli]") {
  auto status = healthy();
  CHECK(environment_text(status, true).starts_with("\x1b[1;32mOK\x1b[0m  prod"));
  status.alerts.value->firing = {{"CommentsDown", "page"}};
  CHECK(environment_text(status, true).starts_with("\x1b[1;33mDEGRADED\x1b[0m  prod"));
  status.no_access = "no";
  CHECK(environment_text(status, true).starts_with("\x1b[1;31mUNREACHABLE\x1b[0m  prod"));
}

TEST_CASE("drift shows what would change, and how much more", "[cli]") {
  auto status = healthy();
  status.drift.value->any = true;
  status.drift.value->plan.changes = {
      {"a", "update"}, {"b", "create"}, {"c", "delete"}, {"d", "x"}};
  CHECK(has(environment_text(status, false),
            "drift      update a, create b, delete c and 1 more, looked at 12:00:00 UTC\n"));
  status.drift.value->plan.changes.clear();
  CHECK(has(environment_text(status, false), "drift      outputs only, looked at"));
}

TEST_CASE("an explanation: the step, the command, its words, and what to type next", "[cli]") {
  const ops::Explanation explanation{.what = "the rollout of 0123456789ab was rolled back",
                                     .step = "apply",
                                     .reason = "all of it",
                                     .command = "terraform apply FILE",
                                     .said = "Error: no\x07\nmore",
                                     .last_words = "one\ntwo",
                                     .time = kNoon,
                                     .next = {{"comments deploy --env prod", "once mended"}}};
  CHECK(explanation_text(explanation, false) ==
        "the rollout of 0123456789ab was rolled back (2026-11-28T12:00:00.000Z)\n"
        "\n"
        "failed step: apply\n"
        "command:\n"
        "    terraform apply FILE\n"
        "it said:\n"
        "    Error: no\uFFFD\n"
        "    more\n"
        "the new revision logged:\n"
        "    one\n"
        "    two\n"
        "\n"
        "next:\n"
        "    comments deploy --env prod\n"
        "        once mended\n");
  CHECK(has(explanation_text({{.what = "w", .reason = "too slow"}}, false),
            "it said:\n    too slow\n"));
  CHECK(explanation_text(std::nullopt, false).starts_with("no rollout on record has failed"));
}

TEST_CASE("for programs, an environment is one object, with null for what nobody knows", "[cli]") {
  auto status = healthy();
  status.ended.value->pop_back();
  status.ended.value->front().failed_step = "";
  CHECK(environment_json(status, std::nullopt) ==
        "{\"alerts\":{\"disabled\":[],\"firing\":[],\"unjudged\":[],\"unseen\":[]},\"budgets\":[{"
        "\"burn_rate_1h\":0.4,\"left_ratio\":0.78,\"objective\":\"availability\",\"period\":"
        "\"30d\",\"promised_ratio\":0.999},{\"burn_rate_1h\":0,\"left_ratio\":1,\"objective\":"
        "\"latency\",\"period\":\"30d\",\"promised_ratio\":0.99}],\"drift\":{\"any\":false,"
        "\"changes\":[],\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"looked_at\":"
        "\"2026-11-28T12:00:00.000Z\"},\"ended\":[{\"commit\":"
        "\"0123456789abcdef0123456789abcdef01234567\",\"ended\":\"2026-11-28T11:00:00.000Z\","
        "\"failed_step\":null,\"image\":\"registry.example/comments@sha256:1111\",\"kind\":"
        "\"deploy\",\"owner\":\"alice@example.com\",\"result\":\"released\",\"revision\":"
        "\"comments-00007-abc\"}],\"environment\":\"prod\",\"explanation\":null,\"figures\":{"
        "\"error_ratio\":0.0001,\"p50_seconds\":0.0005,\"p99_seconds\":0.0032,"
        "\"requests_per_second\":130},\"format\":1,\"health\":{\"commit\":"
        "\"0123456789abcdef0123456789abcdef01234567\",\"http_status\":200,\"reads\":true,"
        "\"revision_name\":\"comments-00007-abc\",\"status\":\"READY\",\"version\":\"0.1.0\","
        "\"writes\":true},\"instances\":[{\"count\":2,\"revision\":\"comments-00007-abc\"}],"
        "\"notes\":[],\"project\":\"example-comments-prod\",\"reasons\":[],\"region\":"
        "\"europe-west1\",\"release\":{\"commit\":\"0123456789abcdef0123456789abcdef01234567\","
        "\"ended\":\"2026-11-28T11:00:00.000Z\",\"failed_step\":null,\"image\":"
        "\"registry.example/comments@sha256:1111\",\"kind\":\"deploy\",\"owner\":"
        "\"alice@example.com\",\"result\":\"released\",\"revision\":\"comments-00007-abc\"},"
        "\"rollout\":null,\"service\":{\"follows_latest\":false,\"image\":"
        "\"registry.example/comments@sha256:1111\",\"latest_created\":\"comments-00007-abc\","
        "\"latest_ready\":\"comments-00007-abc\",\"not_ready\":null,\"traffic\":[{\"percent\":100,"
        "\"revision\":\"comments-00007-abc\"}],\"url\":null},\"time\":"
        "\"2026-11-28T12:00:00.000Z\",\"unknown\":[],\"url\":\"https://comments.example.com\","
        "\"verdict\":\"ok\"}\n");
  const auto nothing = environment_json(
      {.time = kNoon, .environment = "prod", .no_access = "no \"account\""}, std::nullopt);
  CHECK(has(nothing, R"("drift":null,"ended":null,)"));
  CHECK(has(nothing, R"("reasons":["no \"account\""])"));
  CHECK(has(nothing, R"("verdict":"unreachable")"));
}

TEST_CASE("for programs, an explanation names the command and what to type", "[cli]") {
  const auto text = environment_json(healthy(), ops::Explanation{.what = "w",
                                                                 .step = "apply",
                                                                 .reason = "r",
                                                                 .command = "c",
                                                                 .said = "s",
                                                                 .time = kNoon,
                                                                 .next = {{"n", "y"}}});
  CHECK(has(text, R"("explanation":{"command":"c","last_words":null,"next":[{"command":"n",)"
                  R"("why":"y"}],"reason":"r","said":"s","step":"apply",)"
                  R"("time":"2026-11-28T12:00:00.000Z","what":"w"})"));
}

}  // namespace comments::cli
