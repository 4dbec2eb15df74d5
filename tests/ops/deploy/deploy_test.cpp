// A rollout against a stand-in for the cloud: all goes well, each call fails, each call is the
// last.
#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/ops/deploy/ending.h"
#include "core/ops/deploy/recipe.h"
#include "tests/support/catch.h"
#include "tests/support/fake_cloud.h"

namespace comments::tests {
namespace {

using ops::Command;
using ops::DeployRequest;
using ops::Ending;
using ops::Outcome;
using ops::Split;

const std::string kOld(40, 'a');
const std::string kNew(40, 'b');
const std::string kOldRevision = "comments-00001";
const std::string kNewRevision = "comments-00002";

ops::DeploySettings settings() {
  return ops::read_deploy_settings(
             "prod", "/env/prod",
             {{"project", {"example"}},
              {"region", {"europe-west1"}},
              {"service", {"comments"}},
              {"image", {"europe-docker.pkg.dev/build/comments/comments"}},
              {"state-bucket", {"state"}},
              {"url", {FakeCloud::kPublicUrl}},
              {"prometheus", {FakeCloud::kPrometheusUrl}},
              {"migrate-job", {"comments-migrate"}},
              {"freeze", {"2030-01-01T00:00:00Z/2030-01-02T00:00:00Z final"}}})
      .
      operator*();
}

DeployRequest asking(DeployRequest::Kind kind = DeployRequest::Kind::deploy) {
  return {.kind = kind, .host = "host", .process = 1, .plan_file = "comments.tfplan"};
}

// A project in which the old commit serves.
FakeCloud project() {
  FakeCloud cloud;
  cloud.head = kNew;
  cloud.digests = {{kOld, "sha256:01d"}, {kNew, "sha256:4e3"}};
  cloud.revisions = {{kOldRevision, cloud.image_of(kOld)}};
  cloud.split = {{kOldRevision, 100}};
  cloud.state_image = cloud.image_of(kOld);
  return cloud;
}

Ending deploy(FakeCloud& cloud, DeployRequest request = asking(),
              const ops::DeploySettings& with = settings()) {
  Listener listener;
  const auto ending = ops::deploy(with, request, cloud.world(), listener);
  UNSCOPED_INFO(listener.text());
  return ending;
}

// Somebody else takes it over.
void take_away_lock(FakeCloud& cloud) {
  auto progress = cloud.lock().value();
  progress.owner = "mallory@example.com";
  auto& object = cloud.objects["gs://state/deploy/lock.json"];
  object = {object.generation + 1'000, ops::progress_json(progress)};
}

// Whatever somebody else should find as it was.
void check_untouched(const FakeCloud& cloud, const FakeCloud& before) {
  CHECK(ops::is_same_split(cloud.split, before.split));
  CHECK(cloud.tags == before.tags);
  CHECK(cloud.state_image == before.state_image);
  CHECK_FALSE(cloud.lock());
}

void check_released(const FakeCloud& cloud) {
  CHECK(cloud.split == Split{{kNewRevision, 100}});
  CHECK(cloud.tags.empty());
  CHECK(cloud.state_image == cloud.image_of(kNew));
  CHECK_FALSE(cloud.lock());
}

std::vector<std::string> lines_of(const std::vector<Command>& commands) {
  std::vector<std::string> lines;
  for (const auto& command : commands) {
    lines.push_back(ops::shell_quoted(command));
  }
  return lines;
}

int calls_of_a_good_rollout() {
  auto cloud = project();
  deploy(cloud);
  return static_cast<int>(cloud.calls.size());
}

TEST_CASE("a good commit gets all readers, and leaves a record and the way back", "[ops][deploy]") {
  auto cloud = project();
  REQUIRE(deploy(cloud) == Ending::released);
  check_released(cloud);
  CHECK(cloud.migrated == std::vector{cloud.image_of(kNew)});
  REQUIRE(cloud.records().size() == 1);
  const auto record = cloud.records().front();
  CHECK(record.result == "released");
  CHECK(record.owner == "alice@example.com");
  CHECK(record.commit == kNew);
  CHECK(record.digest == "sha256:4e3");
  CHECK(record.revision == kNewRevision);
  CHECK(record.traffic_before == Split{{kOldRevision, 100}});
  CHECK(record.plan_hash.size() == 64);
  CHECK(record.steps.size() == 9);  // its own is not over yet
}

// Of the preflight, questions are asked at the same time: in any order.
std::string in_order(const std::string& text) {
  constexpr std::size_t kOfPreflight = 8;
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.begin() + std::min(kOfPreflight, lines.size()));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

TEST_CASE("what is shown by a dry run is what is run", "[ops][deploy]") {
  auto cloud = project();
  REQUIRE(deploy(cloud) == Ending::released);
  std::string run;
  for (auto line : lines_of(cloud.calls)) {
    run += line + "\n";
  }
  // What was found out on the way, as the dry run writes it.
  for (const auto& [found, word] :
       std::map<std::string, std::string>{{kNew.substr(0, 12) + ".json", "COMMIT.json"},
                                          {kNew, "COMMIT"},
                                          {"sha256:4e3", "DIGEST"},
                                          {kOldRevision, "SERVING"},
                                          {kNewRevision, "REVISION"}}) {
    for (auto at = run.find(found); at != std::string::npos; at = run.find(found)) {
      run.replace(at, found.size(), word);
    }
  }
  std::string shown;
  std::istringstream lines(ops::dry_run(settings(), asking()));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#   ")) {
      shown += line.substr(4) + "\n";
    } else if (!line.starts_with("#")) {
      shown += line + "\n";
    }
  }
  const auto normal = [](std::string text) {
    // A generation, and a time, are different each time.
    text = std::regex_replace(text, std::regex("match=[1-9A-Z][0-9A-Z]*"), "match=G");
    text = std::regex_replace(text, std::regex("releases/[0-9TZ-]+COMMIT"), "releases/TIME-COMMIT");
    return std::regex_replace(text, std::regex("'?(lock.json)'? "), "$1 ");
  };
  // The canary asks Prometheus with a token.
  const auto without_token =
      std::regex_replace(normal(run), std::regex("gcloud auth print-access-token\n"), "");
  CHECK(in_order(without_token) == in_order(normal(shown)));
}

TEST_CASE("an image that is not there is built on request, as of the commit's time",
          "[ops][deploy]") {
  auto cloud = project();
  cloud.digests.erase(kNew);
  CHECK(deploy(cloud) == Ending::failed);
  auto building = asking();
  building.build = true;
  REQUIRE(deploy(cloud, building) == Ending::released);
  const auto submit = std::find_if(cloud.calls.begin(), cloud.calls.end(), [](const Command& one) {
    return one.words.size() > 1 && one.words[1] == "builds";
  });
  REQUIRE(submit != cloud.calls.end());
  CHECK(ops::shell_quoted(*submit).find(std::string(",_COMMIT=") + kNew + ",_TIME=1795897326") !=
        std::string::npos);
}

TEST_CASE("a second rollout of the same commit changes nothing", "[ops][deploy]") {
  auto cloud = project();
  REQUIRE(deploy(cloud) == Ending::released);
  REQUIRE(deploy(cloud) == Ending::released);
  check_released(cloud);
  CHECK(cloud.revisions.size() == 2);
}

TEST_CASE("a call that fails once is asked again, or everything is undone", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (int k = 0; k < calls; ++k) {
    auto cloud = project();
    const auto before = cloud;
    Command failed;
    cloud.instead = [&](int call, const Command& command) -> std::optional<Outcome> {
      if (call != k) {
        return std::nullopt;
      }
      failed = command;
      return Outcome{.exit_code = 1, .err = "planted"};
    };
    const auto ending = deploy(cloud);
    INFO(k << ": " << ops::shell_quoted(failed));
    if (ending == Ending::released) {
      check_released(cloud);
    } else {
      check_untouched(cloud, before);
      CHECK((ending == Ending::failed || ending == Ending::rolled_back));
      CHECK((ending == Ending::rolled_back) ==
            (cloud.revisions.size() > 1 || failed.words[2] == "apply"));
    }
  }
}

TEST_CASE("a call that fails for good ends with what was before", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (int k = 0; k < calls; ++k) {
    auto cloud = project();
    const auto before = cloud;
    Listener listener;
    std::vector<std::string> failed;
    // Of the undo, the first of everything works again.
    cloud.instead = [&](int call, const Command& command) -> std::optional<Outcome> {
      if (call == k) {
        failed = command.words;
      }
      const bool planted = call >= k && command.words == failed && !listener.has_begun("undo");
      return planted ? std::optional(Outcome{.exit_code = 1, .err = "planted"}) : std::nullopt;
    };
    const auto ending = ops::deploy(settings(), asking(), cloud.world(), listener);
    INFO(k << ": " << ops::shell_quoted({.words = failed}) << "\n" << listener.text());
    if (ending == Ending::released) {
      CHECK(cloud.split == Split{{kNewRevision, 100}});  // what failed was not needed
    } else if (ending == Ending::held) {
      CHECK(cloud.lock()->held);  // nobody knows the figures, or the record cannot be kept
    } else {
      check_untouched(cloud, before);
      const auto records = cloud.records();
      const bool locked = listener.has_begun("plan");
      REQUIRE(records.size() == (locked ? 1 : 0));
      if (locked) {
        CHECK(records[0].result == word_of(ending));
        CHECK(records[0].reason.find("planted") != std::string::npos);
        CHECK(records[0].commit == kNew);
      }
    }
  }
}

TEST_CASE("a rollout that was killed at any call is gone on with", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (const bool done : {false, true}) {
    for (int k = 0; k < calls; ++k) {
      auto cloud = project();
      Command last;
      const auto kill = [&](int call, const Command& command) {
        if (call == k) {
          last = command;
          throw Killed();
        }
      };
      if (done) {
        cloud.afterwards = kill;
      } else {
        cloud.instead = [&](int call, const Command& command) -> std::optional<Outcome> {
          kill(call, command);
          return std::nullopt;
        };
      }
      CHECK_THROWS_AS(deploy(cloud), Killed);
      cloud.instead = {};
      cloud.afterwards = {};
      INFO(k << (done ? " after " : " before ") << ops::shell_quoted(last));
      const bool locked = cloud.lock().has_value();
      auto ending = deploy(cloud, asking(DeployRequest::Kind::resume));
      if (!locked) {
        CHECK(ending == Ending::refused);  // nothing to go on with
        ending = deploy(cloud);
      }
      CHECK(ending == Ending::released);
      check_released(cloud);
      CHECK(cloud.records().back().result == "released");
      if (locked) {  // what was before is known, however early the first one died
        CHECK(cloud.records().back().traffic_before == Split{{kOldRevision, 100}});
      }
      CHECK(cloud.revisions.size() == 2);
    }
  }
}

TEST_CASE("Ctrl-C at any call leaves what was before, or the new commit", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (int k = 0; k < calls; ++k) {
    auto cloud = project();
    const auto before = cloud;
    cloud.instead = [&](int call, const Command&) -> std::optional<Outcome> {
      return call == k ? std::optional(Outcome{.end = Outcome::End::interrupted}) : std::nullopt;
    };
    const auto ending = deploy(cloud);
    INFO(k);
    if (!cloud.objects.contains("gs://state/deploy/lock.json") && cloud.records().empty()) {
      CHECK(ending == Ending::interrupted);  // nobody but the caller has seen anything
    }
    if (ending == Ending::released) {
      CHECK(cloud.split == Split{{kNewRevision, 100}});
    } else if (ending != Ending::held) {
      check_untouched(cloud, before);
    }
  }
}

TEST_CASE("a change whose answer gets lost is not made twice", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (int k = 0; k < calls; ++k) {
    auto cloud = project();
    const auto before = cloud;
    Command lost;
    cloud.answer_instead = [&](int call, const Command& command) -> std::optional<Outcome> {
      if (call != k) {
        return std::nullopt;
      }
      lost = command;
      return Outcome{.exit_code = 1, .err = "the connection broke"};
    };
    const auto ending = deploy(cloud);
    INFO(k << ": " << ops::shell_quoted(lost));
    if (ending == Ending::released) {
      check_released(cloud);
      CHECK(cloud.records().size() == 1);
    } else {
      check_untouched(cloud, before);
    }
  }
}

TEST_CASE("an undo brings back the exact split and its tags", "[ops][deploy]") {
  auto cloud = project();
  cloud.revisions.insert(cloud.revisions.begin(), {"comments-00000", "older@sha256:0"});
  cloud.split = {{kOldRevision, 70}, {"comments-00000", 30}};
  cloud.tags = {{"preview", "comments-00000"}};
  const auto before = cloud;
  cloud.figures["comments-00003"] = {1'000, 100, 0.02};
  CHECK(deploy(cloud) == Ending::rolled_back);
  check_untouched(cloud, before);
  REQUIRE(cloud.records().size() == 1);
  CHECK(cloud.records()[0].result == "rolled_back");
  CHECK(cloud.records()[0].reason.find("too many errors") != std::string::npos);
}

TEST_CASE("a revision that breaks the contract never gets a reader", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.broken = {cloud.image_of(kNew)};
  int readers = 0;
  cloud.afterwards = [&](int, const Command&) {
    for (const auto& share : cloud.split) {
      readers += share.revision == kNewRevision ? share.percent : 0;
    }
  };
  CHECK(deploy(cloud) == Ending::rolled_back);
  CHECK(readers == 0);
  check_untouched(cloud, before);
}

TEST_CASE("a bad revision's last words are told", "[ops][deploy]") {
  auto cloud = project();
  cloud.figures[kNewRevision] = {1'000, 100, 0.02};
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::rolled_back);
  CHECK(listener.text().find("it went wrong") != std::string::npos);
}

TEST_CASE("where traffic follows the newest revision, it is pinned before anything is planned",
          "[ops][deploy]") {
  auto cloud = project();
  cloud.follows_latest = true;
  SECTION("then a new one has no readers until the canary") {
    cloud.figures[kNewRevision] = {1'000, 100, 0.02};
    int most = 0;
    cloud.afterwards = [&](int, const Command&) {
      for (const auto& share : cloud.split) {
        most = std::max(most, share.revision == kNewRevision ? share.percent : 0);
      }
    };
    CHECK(deploy(cloud) == Ending::rolled_back);
    CHECK(most == 5);
    CHECK(cloud.split == Split{{kOldRevision, 100}});
  }
  SECTION("and who only plans is told so, because planning changes nothing") {
    auto planning = asking(DeployRequest::Kind::plan_only);
    planning.plan_out = "approved";
    CHECK(deploy(cloud, planning) == Ending::failed);
    CHECK(cloud.follows_latest);
  }
}

TEST_CASE("who is slow goes back", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.figures[kNewRevision] = {1'000, 0, 0.5};
  CHECK(deploy(cloud) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("what nobody can judge is held, and a person goes on or back", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.blind = true;
  CHECK(deploy(cloud) == Ending::held);
  CHECK(cloud.split == Split{{kOldRevision, 95}, {kNewRevision, 5}});
  REQUIRE(cloud.lock());
  CHECK(cloud.lock()->held);
  SECTION("not on with another commit") {
    cloud.head = kOld;
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::refused);
    CHECK(cloud.lock()->held);
  }
  SECTION("a new rollout is refused meanwhile, however long") {
    CHECK(deploy(cloud) == Ending::refused);
    cloud.time += std::chrono::hours(24);
    CHECK(deploy(cloud) == Ending::refused);
  }
  SECTION("on, and held no more while somebody works on it") {
    cloud.blind = false;
    int held = 0;
    cloud.afterwards = [&](int, const Command& command) {
      held += command.input && cloud.lock() && cloud.lock()->held ? 1 : 0;
    };
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(held == 0);
    check_released(cloud);
  }
  SECTION("back") {
    Listener listener;
    CHECK(ops::deploy(settings(), asking(DeployRequest::Kind::rollback), cloud.world(), listener) ==
          Ending::released);
    check_untouched(cloud, before);
    // Not that the new one serves.
    CHECK(listener.events.back().text.find("given up") != std::string::npos);
    CHECK(listener.events.back().text.find(kOldRevision + " 100 %") != std::string::npos);
  }
  SECTION("still blind: held again") {
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::held);
    CHECK(cloud.split == Split{{kOldRevision, 95}, {kNewRevision, 5}});
  }
}

TEST_CASE("where readers send too little, requests of our own decide", "[ops][deploy]") {
  auto cloud = project();
  cloud.figures[kNewRevision] = {3, 0, std::nullopt};
  SECTION("they may") {
    CHECK(deploy(cloud) == Ending::released);
  }
  SECTION("they may not: held") {
    auto quiet = settings();
    quiet.canary.synthetic_probes = false;
    CHECK(deploy(cloud, asking(), quiet) == Ending::held);
  }
}

TEST_CASE("a first release gets all readers at once, or there is no service", "[ops][deploy]") {
  auto cloud = project();
  cloud.revisions.clear();
  cloud.split.clear();
  cloud.state_image.clear();
  SECTION("good") {
    CHECK(deploy(cloud) == Ending::released);
    CHECK(cloud.split == Split{{kOldRevision, 100}});  // the first name
    CHECK(cloud.migrated.empty());
    CHECK_FALSE(cloud.lock());
  }
  SECTION("bad") {
    cloud.broken = {cloud.image_of(kNew)};
    CHECK(deploy(cloud) == Ending::rolled_back);
    CHECK(cloud.revisions.empty());
    CHECK_FALSE(cloud.lock());
  }
}

TEST_CASE("one rollout at a time", "[ops][deploy]") {
  auto cloud = project();
  std::optional<Ending> second;
  cloud.meanwhile = [&] {
    if (!second) {
      second = Ending::held;  // once
      auto other = asking();
      other.host = "elsewhere";
      second = deploy(cloud, other);
    }
  };
  CHECK(deploy(cloud) == Ending::released);
  CHECK(second == Ending::refused);
  check_released(cloud);
}

TEST_CASE("who loses the lock stops at once", "[ops][deploy]") {
  auto cloud = project();
  std::size_t calls_at_theft = 0;
  cloud.afterwards = [&](int, const Command& command) {
    if (command.words[2] == "apply") {
      take_away_lock(cloud);
      calls_at_theft = cloud.calls.size();
    }
  };
  CHECK(deploy(cloud) == Ending::refused);
  for (auto i = calls_at_theft; i < cloud.calls.size(); ++i) {
    const auto line = ops::shell_quoted(cloud.calls[i]);
    INFO(line);
    // Nobody has it at 5 %, and nothing is undone: that is for whoever has the lock now.
    CHECK(line.find("--to-revisions") == std::string::npos);
  }
  CHECK(cloud.lock());
}

TEST_CASE("a lock that expired is taken over, with what was before", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.instead = [&](int, const Command& command) -> std::optional<Outcome> {
    if (ops::shell_quoted(command).find("=95,") != std::string::npos) {
      cloud.split = {{kOldRevision, 95}, {kNewRevision, 5}};
      throw Killed();
    }
    return std::nullopt;
  };
  CHECK_THROWS_AS(deploy(cloud), Killed);
  cloud.instead = {};
  auto other = asking();
  other.host = "elsewhere";
  SECTION("not before it expires") {
    CHECK(deploy(cloud, other) == Ending::refused);
    CHECK(cloud.lock());
  }
  SECTION("nor with --resume or --rollback, by somebody else") {
    cloud.account = "bob@example.com";
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::refused);
    CHECK(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::refused);
    CHECK(cloud.lock()->owner == "alice@example.com");
  }
  SECTION("then; and an undo goes back behind the one that died") {
    cloud.time += std::chrono::hours(3);
    cloud.broken = {cloud.image_of(kNew)};
    CHECK(deploy(cloud, other) == Ending::rolled_back);
    check_untouched(cloud, before);
  }
  SECTION("or when somebody takes it away") {
    other.steal_lock = true;
    CHECK(deploy(cloud, other) == Ending::released);
    check_released(cloud);
  }
  SECTION("not while its process runs on this machine") {
    cloud.running = {1};
    auto again = asking(DeployRequest::Kind::resume);
    again.process = 2;
    CHECK(deploy(cloud, again) == Ending::refused);
  }
  SECTION("nor by --resume on another machine, which cannot know, unless somebody says so") {
    auto again = asking(DeployRequest::Kind::resume);
    again.host = "elsewhere";
    CHECK(deploy(cloud, again) == Ending::refused);
    again.steal_lock = true;
    CHECK(deploy(cloud, again) == Ending::released);
    check_released(cloud);
  }
}

TEST_CASE("in a freeze a held release gets no more readers, but may go back", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.blind = true;
  REQUIRE(deploy(cloud) == Ending::held);
  cloud.blind = false;
  const auto split = cloud.split;
  cloud.time = Timestamp(std::chrono::milliseconds(1'893'456'000'000 + 3'600'000));  // 2030-01-01
  auto on = asking(DeployRequest::Kind::resume);
  CHECK(deploy(cloud, on) == Ending::refused);
  CHECK(cloud.split == split);
  SECTION("back") {
    CHECK(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::released);
    check_untouched(cloud, before);
  }
  SECTION("on, with a reason") {
    on.freeze_override = "it burns";
    CHECK(deploy(cloud, on) == Ending::released);
    CHECK(cloud.records().back().reason.find("it burns") != std::string::npos);
  }
  SECTION("once all have it, it may end") {
    auto lock = *cloud.lock();
    lock.phase = ops::Phase::verify;
    cloud.split = {{kNewRevision, 100}};
    cloud.objects["gs://state/deploy/lock.json"].content = ops::progress_json(lock);
    CHECK(deploy(cloud, on) == Ending::released);
  }
}

TEST_CASE("in a freeze nothing is rolled out, but back", "[ops][deploy]") {
  auto cloud = project();
  REQUIRE(deploy(cloud) == Ending::released);
  cloud.head = kOld;
  cloud.time = Timestamp(std::chrono::milliseconds(1'893'456'000'000 + 3'600'000));  // 2030-01-01
  const auto before = cloud;
  CHECK(deploy(cloud) == Ending::refused);
  check_untouched(cloud, before);
  SECTION("but with a reason, which is kept") {
    auto urgent = asking();
    urgent.freeze_override = "it burns";
    CHECK(deploy(cloud, urgent) == Ending::released);
    CHECK(cloud.records().back().reason.find("it burns") != std::string::npos);
  }
}

TEST_CASE("back to the release before", "[ops][deploy]") {
  auto cloud = project();
  cloud.head = kOld;
  REQUIRE(deploy(cloud) == Ending::released);
  cloud.head = kNew;
  REQUIRE(deploy(cloud) == Ending::released);
  REQUIRE(cloud.serving() == kNewRevision);
  const auto rollback = asking(DeployRequest::Kind::rollback);
  const auto check_back = [&] {
    CHECK(cloud.split == Split{{kOldRevision, 100}});
    CHECK(cloud.state_image == cloud.image_of(kOld));
    CHECK_FALSE(cloud.lock());
    CHECK(cloud.records().back().kind == "rollback");
    CHECK(cloud.records().back().commit == kOld);
  };
  SECTION("the last one") {
    CHECK(deploy(cloud, rollback) == Ending::released);
    check_back();
  }
  SECTION("a named one") {
    auto named = rollback;
    named.to_release = kOld.substr(0, 7);
    CHECK(deploy(cloud, named) == Ending::released);
    check_back();
  }
  SECTION("one that nobody knows") {
    auto named = rollback;
    named.to_release = "fedcba";
    CHECK(deploy(cloud, named) == Ending::failed);
    CHECK(cloud.serving() == kNewRevision);
    CHECK_FALSE(cloud.lock());
  }
  SECTION("killed at any call, and gone on with either way") {
    auto good = cloud;
    const auto first = static_cast<int>(cloud.calls.size());
    REQUIRE(deploy(good, rollback) == Ending::released);
    for (auto k = first; k < static_cast<int>(good.calls.size()); ++k) {
      for (const auto kind : {DeployRequest::Kind::resume, DeployRequest::Kind::rollback}) {
        auto dying = cloud;
        dying.afterwards = [&](int call, const Command&) {
          if (call == k) {
            throw Killed();
          }
        };
        CHECK_THROWS_AS(deploy(dying, rollback), Killed);
        dying.afterwards = {};
        const bool locked = dying.lock().has_value();
        if (!locked && k > first + 10) {
          continue;  // it was over
        }
        INFO(k);
        CHECK(deploy(dying, asking(locked ? kind : DeployRequest::Kind::rollback)) ==
              Ending::released);
        CHECK(dying.split == Split{{kOldRevision, 100}});
        CHECK_FALSE(dying.lock());
      }
    }
  }
}

TEST_CASE("a plan that was approved is applied as it is, or refused", "[ops][deploy]") {
  auto cloud = project();
  auto planning = asking(DeployRequest::Kind::plan_only);
  planning.plan_out = "approved";
  REQUIRE(deploy(cloud, planning) == Ending::planned);
  CHECK(cloud.serving() == kOldRevision);
  CHECK_FALSE(cloud.lock());
  auto applying = asking();
  applying.plan_in = "approved";
  const auto before = cloud;
  SECTION("as it is") {
    cloud.files.erase("comments.tfplan");
    CHECK(deploy(cloud, applying) == Ending::released);
    check_released(cloud);
  }
  SECTION("another commit") {
    cloud.head = kOld;
    CHECK(deploy(cloud, applying) == Ending::refused);
    check_untouched(cloud, before);
  }
  SECTION("another environment") {
    auto staging = settings();
    staging.environment = "staging";
    CHECK(deploy(cloud, applying, staging) == Ending::refused);
    check_untouched(cloud, before);
  }
  SECTION("another digest") {
    cloud.digests[kNew] = "sha256:other";
    CHECK(deploy(cloud, applying) == Ending::refused);
    check_untouched(cloud, before);
  }
  SECTION("another state") {
    cloud.objects["gs://state/stack/default.tfstate"] = {5, ""};
    CHECK(deploy(cloud, applying) == Ending::refused);
    check_untouched(cloud, before);
  }
  SECTION("traffic that was moved meanwhile: the plan would move it back") {
    cloud.split = {{kOldRevision, 50}, {"comments-00000", 50}};
    const auto moved = cloud;
    CHECK(deploy(cloud, applying) == Ending::refused);
    check_untouched(cloud, moved);
  }
  SECTION("a changed file") {
    cloud.files["approved"].replace(cloud.files["approved"].find("4e3"), 3, "4e4");
    CHECK(deploy(cloud, applying) == Ending::refused);
    check_untouched(cloud, before);
  }
}

TEST_CASE("a migration that fails leaves the old code on its schema", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.instead = [](int, const Command& command) {
    return command.words[2] == "jobs" && command.words[3] == "execute"
               ? std::optional(Outcome{.exit_code = 1, .err = "the job failed"})
               : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::failed);
  check_untouched(cloud, before);
  CHECK(cloud.records()[0].result == "failed");
}

TEST_CASE("everything that is missing is said at once", "[ops][deploy]") {
  auto cloud = project();
  cloud.account.clear();
  cloud.changes = " M core\n";
  cloud.instead = [](int, const Command& command) {
    return command.words[0] == "terraform"
               ? std::optional(Outcome{.end = Outcome::End::not_started, .err = "no terraform"})
               : std::nullopt;
  };
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::failed);
  for (const auto* words : {"gcloud auth login", "install Terraform", "commit or stash"}) {
    CHECK(listener.text().find(words) != std::string::npos);
  }
  CHECK(cloud.objects.empty());
}

TEST_CASE("an undo that fails keeps the lock, and is tried again", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.broken = {cloud.image_of(kNew)};
  cloud.instead = [](int, const Command& command) {
    const bool undoing = ops::shell_quoted(command).find("-auto-approve") != std::string::npos;
    return undoing ? std::optional(Outcome{.exit_code = 1, .err = "planted"}) : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::held);
  CHECK(cloud.split == before.split);  // readers are first
  REQUIRE(cloud.lock());
  CHECK(cloud.lock()->phase == ops::Phase::undo);
  cloud.instead = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("a token is in no event, no argument and no object", "[ops][deploy]") {
  auto cloud = project();
  cloud.figures[kNewRevision] = {1'000, 100, 0.02};
  Listener listener;
  ops::deploy(settings(), asking(), cloud.world(), listener);
  std::string all = listener.text();
  for (const auto& line : lines_of(cloud.calls)) {
    all += line;
  }
  for (const auto& [url, object] : cloud.objects) {
    all += object.content;
  }
  CHECK(all.find("print-access-token") != std::string::npos);
  CHECK(all.find(FakeCloud::kToken) == std::string::npos);
}

// Every call of `request` is the last once; what is left is handed on.
void kill_at_each_call(const FakeCloud& cloud, const DeployRequest& request,
                       const std::function<void(FakeCloud)>& then) {
  auto good = cloud;
  deploy(good, request);
  for (auto k = cloud.calls.size(); k < good.calls.size(); ++k) {
    auto dying = cloud;
    dying.afterwards = [k](int call, const Command&) {
      if (call == static_cast<int>(k)) {
        throw Killed();
      }
    };
    CHECK_THROWS_AS(deploy(dying, request), Killed);
    dying.afterwards = {};
    INFO("killed at " << k << ": " << ops::shell_quoted(good.calls[k]));
    if (dying.lock()) {
      then(std::move(dying));
    }
  }
}

TEST_CASE("a rollout that was killed at any call, and then turns out bad, is undone",
          "[ops][deploy]") {
  const auto before = project();
  kill_at_each_call(before, asking(), [&](FakeCloud cloud) {
    cloud.broken = {cloud.image_of(kNew)};
    const auto ending = deploy(cloud, asking(DeployRequest::Kind::resume));
    if (ending == Ending::released) {
      check_released(cloud);  // it was behind the gate
    } else {
      CHECK(ending == Ending::rolled_back);
      check_untouched(cloud, before);
    }
  });
}

TEST_CASE("who died before it looked what serves, does not take it for a first release",
          "[ops][deploy]") {
  auto cloud = project();
  cloud.afterwards = [&](int, const Command&) {
    if (cloud.lock()) {
      throw Killed();
    }
  };
  CHECK_THROWS_AS(deploy(cloud), Killed);
  cloud.afterwards = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
  CHECK(cloud.migrated.size() == 1);
  CHECK(cloud.records().back().traffic_before == Split{{kOldRevision, 100}});
}

// Three releases, the last of which serves.
FakeCloud three_releases() {
  auto cloud = project();
  cloud.digests[std::string(40, 'c')] = "sha256:3cd";
  for (const auto digit : {'a', 'b', 'c'}) {
    cloud.head = std::string(40, digit);
    deploy(cloud);
  }
  return cloud;
}

TEST_CASE("a rollback to a named release that was killed goes on to that one", "[ops][deploy]") {
  const auto cloud = three_releases();
  auto rollback = asking(DeployRequest::Kind::rollback);
  rollback.to_release = kOld.substr(0, 7);
  kill_at_each_call(cloud, rollback, [](FakeCloud left) {
    CHECK(deploy(left, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(left.split == Split{{kOldRevision, 100}});
    CHECK(left.state_image == left.image_of(kOld));
  });
}

TEST_CASE("a rollback that was killed goes on to the revision that it chose", "[ops][deploy]") {
  auto cloud = project();
  cloud.head = kOld;
  REQUIRE(deploy(cloud) == Ending::released);
  // The same commit anew, with other settings.
  cloud.revisions.push_back({kNewRevision, cloud.image_of(kOld)});
  REQUIRE(deploy(cloud) == Ending::released);
  REQUIRE(cloud.serving() == kNewRevision);
  kill_at_each_call(cloud, asking(DeployRequest::Kind::rollback), [](FakeCloud left) {
    CHECK(deploy(left, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(left.serving() == kOldRevision);
  });
}

TEST_CASE("a service is not taken for missing because gcloud has no login", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.broken = {cloud.image_of(kNew)};
  cloud.instead = [](int, const Command& command) {
    return command.words[2] == "services" && command.words[3] == "describe"
               ? std::optional(
                     Outcome{.exit_code = 1, .err = "Default credentials were not found."})
               : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::failed);
  check_untouched(cloud, before);
  CHECK(cloud.revisions.size() == 1);
}

TEST_CASE("an undo of a first release is done again, wherever it was killed", "[ops][deploy]") {
  auto cloud = project();
  cloud.revisions.clear();
  cloud.split.clear();
  cloud.state_image.clear();
  cloud.broken = {cloud.image_of(kNew)};
  kill_at_each_call(cloud, asking(), [](FakeCloud left) {
    CHECK(deploy(left, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
    CHECK(left.revisions.empty());
    CHECK_FALSE(left.lock());
  });
}

TEST_CASE("a release whose lock could not be freed is what the next one goes back to",
          "[ops][deploy]") {
  auto cloud = project();
  cloud.instead = [](int, const Command& command) {
    return command.words[2] == "rm" ? std::optional(Outcome{.exit_code = 1, .err = "planted"})
                                    : std::nullopt;
  };
  REQUIRE(deploy(cloud) == Ending::released);
  REQUIRE(cloud.lock());
  cloud.instead = {};
  cloud.time += std::chrono::hours(3);
  const std::string newest(40, 'c');
  cloud.digests[newest] = "sha256:3cd";
  cloud.head = newest;
  cloud.broken = {cloud.image_of(newest)};
  CHECK(deploy(cloud) == Ending::rolled_back);
  check_released(cloud);
}

TEST_CASE("Terraform's failure does not send readers back to what they were taken from",
          "[ops][deploy]") {
  auto cloud = three_releases();
  const auto begin = cloud.calls.size();
  cloud.instead = [&](int, const Command& command) {
    const bool applying = ops::shell_quoted(command).find("-auto-approve") != std::string::npos;
    return applying ? std::optional(Outcome{.exit_code = 1, .err = "planted"}) : std::nullopt;
  };
  Listener listener;
  CHECK(ops::deploy(settings(), asking(DeployRequest::Kind::rollback), cloud.world(), listener) ==
        Ending::held);
  CHECK(cloud.calls.size() > begin);
  CHECK(cloud.serving() == kNewRevision);
  CHECK(listener.events.back().text.find("--resume") != std::string::npos);
  CHECK(listener.events.back().text.find("--rollback") == std::string::npos);
  cloud.instead = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
  CHECK(cloud.state_image == cloud.image_of(kNew));
  CHECK_FALSE(cloud.lock());
}

TEST_CASE("Ctrl-C while a canary asks for a token is heard", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  bool once = false;
  cloud.instead = [&](int, const Command& command) -> std::optional<Outcome> {
    if (command.words[2] != "print-access-token" || std::exchange(once, true)) {
      return std::nullopt;
    }
    return Outcome{.end = Outcome::End::interrupted};
  };
  CHECK(deploy(cloud) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("who loses the lock does not say that nothing was done", "[ops][deploy]") {
  auto cloud = project();
  SECTION("while it works") {
    cloud.afterwards = [&](int, const Command& command) {
      if (command.words[2] == "apply") {
        take_away_lock(cloud);
      }
    };
  }
  SECTION("just when it would be held") {
    cloud.blind = true;
    cloud.meanwhile = [&] { take_away_lock(cloud); };
  }
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::refused);
  CHECK(listener.events.back().text.find("nothing more was done") == 0);
  CHECK_FALSE(listener.has_begun("undo"));
}

TEST_CASE("a held canary is gone on with by the steps that deploy.toml has then", "[ops][deploy]") {
  auto cloud = project();
  auto three = settings();
  three.canary.steps = {5, 25, 100};
  cloud.afterwards = [&](int, const Command& command) {
    if (ops::shell_quoted(command).find("=75,") != std::string::npos) {
      cloud.blind = true;  // from the second step on
    }
  };
  REQUIRE(deploy(cloud, asking(), three) == Ending::held);
  REQUIRE(cloud.lock()->canary_step == 1);
  SECTION("as before: not from the first one on") {
    const auto begin = cloud.calls.size();
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume), three) == Ending::held);
    for (auto i = begin; i < cloud.calls.size(); ++i) {
      CHECK(ops::shell_quoted(cloud.calls[i]).find("=95,") == std::string::npos);
    }
  }
  SECTION("fewer") {
    auto one = settings();
    one.canary.steps = {100};
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume), one) == Ending::released);
    check_released(cloud);
  }
}

TEST_CASE("a record that cannot be read is not passed over for an older release", "[ops][deploy]") {
  auto cloud = three_releases();
  const auto serving = cloud.serving();
  cloud.instead = [](int, const Command& command) {
    const auto line = ops::shell_quoted(command);
    return command.words[2] == "cat" && line.find("-bbbbbbbbbbbb.json") != std::string::npos
               ? std::optional(Outcome{.exit_code = 1, .err = "planted"})
               : std::nullopt;
  };
  CHECK(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::failed);
  CHECK(cloud.serving() == serving);
  CHECK_FALSE(cloud.lock());
}

TEST_CASE("the record of a release that died on the way has its plan and its verdict",
          "[ops][deploy]") {
  kill_at_each_call(project(), asking(), [](FakeCloud cloud) {
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(cloud.records().back().plan_hash.size() == 64);
    CHECK(cloud.records().back().verdict.find("5 %: ") == 0);
    CHECK(cloud.records().back().verdict.find("; 25 %: ") != std::string::npos);
  });
}

TEST_CASE("a secret in Terraform's error is in no lock and no record", "[ops][deploy]") {
  auto cloud = project();
  std::string kept;
  cloud.afterwards = [&](int, const Command& command) {
    kept += command.input.value_or("");
    if (command.words[2] == "plan") {
      throw Killed();
    }
  };
  CHECK_THROWS_AS(deploy(cloud), Killed);
  cloud.afterwards = [&](int, const Command& command) { kept += command.input.value_or(""); };
  cloud.instead = [](int, const Command& command) {
    return command.words[2] == "plan"
               ? std::optional(
                     Outcome{.exit_code = 1,
                             .out = R"({"type":"diagnostic","diagnostic":{"severity":"error",)"
                                    R"("summary":"planted: password = hunter2"}})"
                                    "\n"})
               : std::nullopt;
  };
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::failed);
  CHECK(kept.find("planted: password") != std::string::npos);
  CHECK(kept.find("hunter2") == std::string::npos);
}

TEST_CASE("a lock that was renewed, though nobody could tell, is still ours", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  bool silent = false;
  // The lock is written for the first readers, and then the bucket says nothing for a while.
  cloud.afterwards = [&](int, const Command& command) {
    silent = silent || command.input.value_or("").find(R"("phase": "canary")") != std::string::npos;
  };
  int unanswered = 0;
  cloud.answer_instead = [&](int, const Command& command) -> std::optional<Outcome> {
    constexpr int kLong = 6;  // the write and the question what became of it, thrice each
    return silent && command.words[1] == "storage" && unanswered++ < kLong
               ? std::optional(Outcome{.exit_code = 1, .err = "no route"})
               : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::rolled_back);
  CHECK(unanswered > 6);
  check_untouched(cloud, before);
}

TEST_CASE("requests of our own end when a person wants to stop, or after some minutes",
          "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.figures[kNewRevision] = {3, 0, std::nullopt};
  int probes = 0;
  SECTION("Ctrl-C") {
    cloud.web_instead =
        [&](const ops::WebRequest& request) -> std::optional<Result<ops::WebAnswer>> {
      const bool is_probe = request.json.empty() && !cloud.tags.empty() &&
                            cloud.split.size() == 2 && request.url != FakeCloud::kPrometheusUrl;
      probes += is_probe ? 1 : 0;
      cloud.interrupted = is_probe && probes == 3;
      return std::nullopt;
    };
    CHECK(deploy(cloud) == Ending::rolled_back);
    CHECK(probes == 3);
    check_untouched(cloud, before);
  }
  SECTION("nobody answers") {
    cloud.web_instead =
        [&](const ops::WebRequest& request) -> std::optional<Result<ops::WebAnswer>> {
      if (cloud.split.size() < 2 || !request.url.starts_with("http://candidate")) {
        return std::nullopt;
      }
      ++probes;
      cloud.time += request.deadline;
      return Error{ErrorCode::unavailable, "no answer", {}};
    };
    CHECK(deploy(cloud) == Ending::rolled_back);
    CHECK(probes <= 31);  // for five minutes
  }
}

TEST_CASE("a rollout goes on with the digest that it began with", "[ops][deploy]") {
  kill_at_each_call(project(), asking(), [](FakeCloud cloud) {
    const auto image = cloud.image_of(kNew);
    const auto begun = std::exchange(cloud.digests[kNew], "sha256:0ther");
    cloud.web_instead = [&](const ops::WebRequest&) -> std::optional<Result<ops::WebAnswer>> {
      cloud.digests[kNew] = begun;  // what runs says its commit
      return std::nullopt;
    };
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(cloud.state_image == image);
  });
}

using WebInstead = std::optional<Result<ops::WebAnswer>>;

TEST_CASE("an undo is believed when readers have what they had, not when gcloud says so",
          "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.figures[kNewRevision] = {1'000, 100, 0.02};
  cloud.instead = [](int, const Command& command) {
    const auto line = ops::shell_quoted(command);
    return line.find("--clear-tags") != std::string::npos ? std::optional(Outcome{}) : std::nullopt;
  };
  REQUIRE(deploy(cloud) == Ending::held);
  CHECK(cloud.lock()->held);
  CHECK(cloud.lock()->phase == ops::Phase::undo);
  cloud.instead = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("the lock's time begins anew with each step", "[ops][deploy]") {
  auto cloud = project();
  cloud.blind = true;
  REQUIRE(deploy(cloud) == Ending::held);
  CHECK(cloud.lock()->taken + std::chrono::minutes(10) < cloud.time);
  CHECK(cloud.lock()->expires + std::chrono::minutes(1) > cloud.time + settings().lock_expiry);
}

TEST_CASE("a migration is not run again because it failed", "[ops][deploy]") {
  auto cloud = project();
  int runs = 0;
  cloud.instead = [&](int, const Command& command) -> std::optional<Outcome> {
    if (command.words[2] != "jobs" || command.words[3] != "execute") {
      return std::nullopt;
    }
    ++runs;
    return Outcome{.exit_code = 1, .err = "the job failed"};
  };
  CHECK(deploy(cloud) == Ending::failed);
  CHECK(runs == 1);
}

TEST_CASE("the public address is asked as often as deploy.toml says", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  int asked = 0;
  cloud.web_instead = [&](const ops::WebRequest& request) -> WebInstead {
    constexpr int kOneOf = 7;  // goes elsewhere
    const bool strays = request.url == FakeCloud::kPublicUrl && ++asked % kOneOf == 0;
    return strays ? WebInstead(Error{ErrorCode::unavailable, "elsewhere", {}}) : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("a new revision is waited for, but not for ever", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  int asked = 0;
  bool for_good = false;
  cloud.web_instead = [&](const ops::WebRequest& request) -> WebInstead {
    const bool starting = request.url.starts_with("http://candidate") && (++asked < 5 || for_good);
    return starting ? WebInstead(ops::WebAnswer{
                          503, R"({"commit":")" + kNew + R"(","status":"READY","version":"1"})", 0})
                    : std::nullopt;
  };
  SECTION("it comes") {
    CHECK(deploy(cloud) == Ending::released);
  }
  SECTION("it does not") {
    for_good = true;
    CHECK(deploy(cloud) == Ending::rolled_back);
    check_untouched(cloud, before);
  }
}

TEST_CASE("behind a load balancer, the new revision is asked at candidate-url", "[ops][deploy]") {
  auto cloud = project();
  auto with = settings();
  with.candidate_url = "http://nobody.example";
  CHECK(deploy(cloud, asking(), with) == Ending::rolled_back);
  CHECK(cloud.records().at(0).reason.find("http://nobody.example") != std::string::npos);
}

TEST_CASE("a token that has run out is asked for anew", "[ops][deploy]") {
  auto cloud = project();
  int asked = 0;
  cloud.web_instead = [&](const ops::WebRequest& request) -> WebInstead {
    const bool run_out = request.url == FakeCloud::kPrometheusUrl && ++asked == 10;
    return run_out ? WebInstead(ops::WebAnswer{401, "{}", 0}) : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::released);
  CHECK(std::count_if(cloud.calls.begin(), cloud.calls.end(), [](const Command& command) {
          return command.words[2] == "print-access-token";
        }) == 2);
}

TEST_CASE("nothing is built unasked", "[ops][deploy]") {
  auto cloud = project();
  cloud.digests.erase(kNew);
  CHECK(deploy(cloud) == Ending::failed);
  for (const auto& line : lines_of(cloud.calls)) {
    CHECK(line.find("builds submit") == std::string::npos);
  }
}

TEST_CASE("an old Terraform, an API that is off and another tree stand in the way",
          "[ops][deploy]") {
  auto cloud = project();
  auto request = asking();
  std::string words;
  SECTION("Terraform") {
    words = "install 1.11";
    cloud.instead = [](int, const Command& command) {
      return command.words[0] == "terraform"
                 ? std::optional(Outcome{.out = R"({"terraform_version":"1.10.9"})"})
                 : std::nullopt;
    };
  }
  SECTION("an API") {
    words = "gcloud services enable";
    cloud.instead = [](int, const Command& command) {
      return command.words[1] == "services" ? std::optional(Outcome{.out = "[]"}) : std::nullopt;
    };
  }
  SECTION("the tree") {
    words = "git switch --detach";
    request.commit = kOld;
  }
  Listener listener;
  CHECK(ops::deploy(settings(), request, cloud.world(), listener) == Ending::failed);
  CHECK(listener.text().find(words) != std::string::npos);
  CHECK(cloud.objects.empty());
}

TEST_CASE("a lock that cannot be renewed before Terraform begins leaves nothing to undo",
          "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.instead = [](int, const Command& command) {
    return command.input.value_or("").find(R"("phase": "apply")") != std::string::npos
               ? std::optional(Outcome{.exit_code = 1, .err = "no route"})
               : std::nullopt;
  };
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::failed);
  CHECK_FALSE(listener.has_begun("undo"));
  check_untouched(cloud, before);
}

TEST_CASE("a root module that does not use var.image is told so", "[ops][deploy]") {
  auto cloud = project();
  cloud.instead = [](int, const Command& command) {
    return command.words[2] == "apply" ? std::optional(Outcome{}) : std::nullopt;
  };
  CHECK(deploy(cloud) == Ending::rolled_back);
  CHECK(cloud.records().at(0).reason.find("var.image") != std::string::npos);
}

}  // namespace
}  // namespace comments::tests
