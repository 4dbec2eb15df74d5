// A rollout of which each call fails, loses its answer, is interrupted, or is the last one.
#include <utility>

#include "tests/support/catch.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

// For call `k`, which is then told in `hit`, and for no other.
auto at_call(int k, Command& hit, const Outcome& outcome) {
  return [k, &hit, outcome](int call, const Command& command) -> std::optional<Outcome> {
    if (call != k) {
      return std::nullopt;
    }
    hit = command;
    return outcome;
  };
}

TEST_CASE("a call that fails once is asked again, or everything is undone", "[ops][deploy]") {
  const auto calls = calls_of_a_good_rollout();
  for (int k = 0; k < calls; ++k) {
    auto cloud = project();
    const auto before = cloud;
    Command failed;
    cloud.instead = at_call(k, failed, {.exit_code = 1, .err = "planted"});
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

// The preflight tells what fails at once; and what changes something by itself is done once.
bool is_asked_again(int call, const Command& command) {
  constexpr int kOfPreflight = 9;
  const auto line = ops::shell_quoted(command);
  const bool changes = line.find(" plan ") != std::string::npos ||
                       line.find(" apply ") != std::string::npos ||
                       line.find(" jobs execute ") != std::string::npos;
  return call >= kOfPreflight && !changes;
}

TEST_CASE("a question that fails once does not end a rollout", "[ops][deploy]") {
  auto before = project();
  before.follows_latest = GENERATE(false, true);  // then traffic is pinned, too
  auto good = before;
  REQUIRE(deploy(good) == Ending::released);
  for (int k = 0; k < static_cast<int>(good.calls.size()); ++k) {
    auto cloud = before;
    Command failed;
    cloud.instead = at_call(k, failed, {.exit_code = 1, .err = "planted"});
    const auto ending = deploy(cloud);
    INFO(k << ": " << ops::shell_quoted(failed));
    CHECK((ending == Ending::released) == is_asked_again(k, failed));
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
    cloud.answer_instead = at_call(k, lost, {.exit_code = 1, .err = "the connection broke"});
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

TEST_CASE("the record of a release that died on the way has its plan and its verdict",
          "[ops][deploy]") {
  kill_at_each_call(project(), asking(), [](FakeCloud cloud) {
    CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
    CHECK(cloud.records().back().plan_hash.size() == 64);
    CHECK(cloud.records().back().verdict.find("5 %: ") == 0);
    CHECK(cloud.records().back().verdict.find("; 25 %: ") != std::string::npos);
  });
}

TEST_CASE("who goes on takes no step that is behind, and every other one", "[ops][deploy]") {
  using ops::Phase;
  kill_at_each_call(project(), asking(), [](FakeCloud cloud) {
    const auto phase = cloud.lock()->phase;
    Listener listener;
    CHECK(ops::deploy(settings(), asking(DeployRequest::Kind::resume), cloud.world(), listener) ==
          Ending::released);
    for (const auto& [step, last] : {std::pair{"plan", Phase::apply},
                                     {"migrate", Phase::migrate},
                                     {"apply", Phase::apply},
                                     {"gate", Phase::canary},
                                     {"canary", Phase::canary},
                                     {"verify", Phase::verify},
                                     {"record", Phase::record}}) {
      INFO(step << " after " << word_of(phase));
      CHECK(listener.has_begun(step) == (phase <= last));
    }
  });
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

}  // namespace
}  // namespace comments::tests
