// What is kept in the bucket and in files says later what it said at first.
#include "core/ops/cloud/json.h"
#include "core/ops/deploy/ending.h"
#include "core/ops/deploy/plan_file.h"
#include "core/ops/deploy/progress.h"
#include "core/ops/deploy/record.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

const Timestamp kTime{std::chrono::milliseconds(1'800'000'000'123)};

const Progress kProgress{.owner = "a@example.com",
                         .host = "host",
                         .process = 7,
                         .reason = "it \"burns\"",
                         .taken = kTime,
                         .expires = kTime + std::chrono::hours(2),
                         .commit = std::string(40, 'c'),
                         .digest = "sha256:1",
                         .phase = Phase::canary,
                         .canary_step = 1,
                         .rollback = true,
                         .held = true,
                         .candidate = "c-2",
                         .failure = "slow",
                         .undo_failure = "locked",
                         .plan_hash = "00",
                         .verdict = "5 %: fine",
                         .before = {.exists = true,
                                    .split = {{"c-1", 70}, {"c-0", 30}},
                                    .tags = {{"old", "c-0"}},
                                    .image = "repo@sha256:0"}};

TEST_CASE("a lock is read as it was written", "[ops]") {
  CHECK(parse_progress(progress_json(kProgress)) == kProgress);
  for (const auto phase : {Phase::plan, Phase::migrate, Phase::apply, Phase::gate, Phase::canary,
                           Phase::verify, Phase::record, Phase::undo}) {
    CHECK(parse_phase(word_of(phase)) == phase);
  }
}

TEST_CASE("a lock that lacks what it cannot be judged without is none", "[ops]") {
  for (const auto* name : {"format", "phase", "taken", "expires"}) {
    auto json = parse_json(progress_json(kProgress));
    INFO(name);
    REQUIRE(json.erase(name) == 1);
    CHECK_FALSE(parse_progress(json.dump()));
  }
}

TEST_CASE("something else is no lock", "[ops]") {
  for (const auto* text : {"", "{}", "[]", R"({"format":2,"phase":"plan"})", "hello"}) {
    CHECK_FALSE(parse_progress(text));
  }
}

TEST_CASE("a record is read as it was written, and its name sorts by time", "[ops]") {
  const ReleaseRecord record{.environment = "prod",
                             .result = "released",
                             .kind = "deploy",
                             .owner = "a@example.com",
                             .reason = "because\nof this",
                             .commit = std::string(40, 'c'),
                             .tree = std::string(40, 'd'),
                             .digest = "sha256:1",
                             .image = "repo@sha256:1",
                             .revision = "c-2",
                             .plan_hash = "00",
                             .verdict = "5 %: fine",
                             .traffic_before = {{"c-1", 100}},
                             .ended = kTime,
                             .steps = {{"plan", 1.5}, {"apply", 2}}};
  CHECK(parse_record(record_json(record)) == record);
  CHECK(record_name(record) == "2027-01-15T08-00-00-123Z-cccccccccccc.json");
  CHECK_FALSE(parse_record("{}"));
}

TEST_CASE("a plan's file is whole, or none", "[ops]") {
  const PlanFile file{.environment = "prod",
                      .commit = "c",
                      .digest = "sha256:1",
                      .state_generation = "5",
                      .traffic = "a 100 %",
                      .plan = std::string("PK\0\x01\xff", 5)};
  const auto text = plan_file_text(file);
  CHECK(parse_plan_file(text) == file);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    const auto parsed = parse_plan_file(changed);
    INFO(i);
    CHECK((!parsed || *parsed == file));  // a change of white space is none
  }
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an undo is made of the lock's content alone", "[ops]") {
  const DeploySettings settings{
      .place = {"p", "r"}, .service = "comments", .root = {"/stack", "/backend", "/variables"}};
  std::vector<std::string> lines;
  for (const auto& command : undo_commands(settings, kProgress)) {
    lines.push_back(shell_quoted(command));
  }
  CHECK(lines ==
        std::vector<std::string>{
            "gcloud run services update-traffic comments --to-revisions=c-1=70,c-0=30 "
            "--set-tags=old=c-0 --project=p --region=r --format=json",
            "terraform -chdir=/stack init -input=false -reconfigure -backend-config=/backend",
            "terraform -chdir=/stack apply -input=false -auto-approve -json -lock-timeout=60s "
            "-var-file=/variables -var=image=repo@sha256:0"});
  auto first = kProgress;
  first.before = {};
  CHECK(shell_quoted(undo_commands(settings, first).front()) ==
        "gcloud run services delete comments --project=p --region=r --format=json --quiet");
  auto early = kProgress;
  early.phase = Phase::migrate;
  CHECK(undo_commands(settings, early).empty());
}

}  // namespace
}  // namespace comments::ops
