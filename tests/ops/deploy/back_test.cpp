// The way back: undone, or rolled back by a person.
#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/locked_state.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

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

// Terraform is told that another one has the state.
std::optional<Outcome> locked_out(const Command& command, std::string_view word) {
  const auto line = ops::shell_quoted(command);
  return line.starts_with("terraform") && line.find(word) != std::string::npos
             ? std::optional(Outcome{.exit_code = 1, .out = kStateIsLocked})
             : std::nullopt;
}
const std::string kUnlock = "force-unlock -force " + kStateLockId;

TEST_CASE("a locked state says what to type, wherever Terraform meets it", "[ops][deploy]") {
  auto cloud = three_releases();
  auto kind = DeployRequest::Kind::deploy;
  std::string word;
  Ending ending{};
  SECTION("planning") {
    word = " plan ";
    ending = Ending::failed;
  }
  SECTION("applying") {
    word = " apply ";  // and so does the undo
    ending = Ending::held;
  }
  SECTION("going back") {
    word = "-auto-approve";
    kind = DeployRequest::Kind::rollback;
    ending = Ending::held;
  }
  cloud.instead = [&](int, const Command& command) { return locked_out(command, word); };
  cloud.digests[std::string(40, 'd')] = "sha256:4dd";
  cloud.head = std::string(40, 'd');
  Listener listener;
  CHECK(ops::deploy(settings(), asking(kind), cloud.world(), listener) == ending);
  CHECK(listener.text().find(kUnlock + "`, but only if the Terraform of root@vm") !=
        std::string::npos);
}

TEST_CASE("why an undo failed is in the lock, for who looks", "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.broken = {cloud.image_of(kNew)};
  cloud.instead = [](int, const Command& command) { return locked_out(command, "-auto-approve"); };
  REQUIRE(deploy(cloud) == Ending::held);
  CHECK(cloud.lock()->failed_step == "gate");
  CHECK(cloud.lock()->undo_failure.find(kUnlock) != std::string::npos);
  cloud.instead = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
  check_untouched(cloud, before);
}

bool has_run_terraform(const FakeCloud& cloud, std::size_t first) {
  return std::any_of(cloud.calls.begin() + static_cast<std::ptrdiff_t>(first), cloud.calls.end(),
                     [](const Command& command) {
                       return command.words[0] == "terraform" && command.words[1] != "version";
                     });
}

TEST_CASE("what Terraform lacks does not keep readers from going back", "[ops][deploy]") {
  auto cloud = three_releases();
  const auto first = cloud.calls.size();
  std::string words;
  SECTION("a working tree that is as its commit has it") {
    cloud.changes = " M terraform/stack/main.tf\n";
    words = "commit or stash";
  }
  SECTION("a login") {
    cloud.application_default = false;
    words = "gcloud auth application-default login";
  }
  SECTION("a repository") {
    cloud.instead = [](int, const Command& command) {
      return command.words[0] == "git" ? std::optional(Outcome{.exit_code = 128, .err = "fatal"})
                                       : std::nullopt;
    };
    words = "in a clone of the repository";
  }
  SECTION("itself") {
    cloud.instead = [](int, const Command& command) {
      return command.words[1] == "version" && command.words[0] == "terraform"
                 ? std::optional(Outcome{.end = Outcome::End::not_started, .err = "no terraform"})
                 : std::nullopt;
    };
    words = "install Terraform";
  }
  Listener listener;
  CHECK(ops::deploy(settings(), asking(DeployRequest::Kind::rollback), cloud.world(), listener) ==
        Ending::held);
  CHECK(cloud.serving() == kNewRevision);
  CHECK_FALSE(has_run_terraform(cloud, first));
  REQUIRE(cloud.lock());
  CHECK(cloud.lock()->failure.find(words) != std::string::npos);
  CHECK(listener.events.back().text.find("--resume") != std::string::npos);
  // Once it is mended, Terraform follows.
  cloud.changes.clear();
  cloud.application_default = true;
  cloud.instead = {};
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::released);
  CHECK(cloud.state_image == cloud.image_of(kNew));
  CHECK_FALSE(cloud.lock());
}

TEST_CASE("what gcloud lacks keeps a rollback from beginning", "[ops][deploy]") {
  auto cloud = three_releases();
  const auto serving = cloud.serving();
  cloud.account.clear();
  cloud.changes = " M terraform/stack/main.tf\n";
  Listener listener;
  CHECK(ops::deploy(settings(), asking(DeployRequest::Kind::rollback), cloud.world(), listener) ==
        Ending::failed);
  CHECK(cloud.serving() == serving);
  const auto text = listener.text();  // all at once, and nothing of readers who go back
  CHECK(text.find("gcloud auth login") != std::string::npos);
  CHECK(text.find("commit or stash") != std::string::npos);
  CHECK(text.find("readers go back") == std::string::npos);
  CHECK_FALSE(cloud.lock());
}

TEST_CASE("who gives up a rollout with a changed tree gives readers back, and is held",
          "[ops][deploy]") {
  auto cloud = project();
  const auto before = cloud;
  cloud.blind = true;
  REQUIRE(deploy(cloud) == Ending::held);
  cloud.changes = " M terraform/stack/main.tf\n";
  const auto first = cloud.calls.size();
  CHECK(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::held);
  CHECK(cloud.split == before.split);
  CHECK_FALSE(has_run_terraform(cloud, first));
  CHECK(cloud.lock()->undo_failure.find("commit or stash") != std::string::npos);
  cloud.changes.clear();
  CHECK(deploy(cloud, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("whose Terraform goes back is told, and on record", "[ops][deploy]") {
  auto cloud = three_releases();
  auto request = asking(DeployRequest::Kind::rollback);
  auto ending = Ending::released;
  SECTION("of a rollback: the working tree's, not that of the release") {}
  SECTION("of an undo") {
    cloud.head = kOld;
    cloud.broken = {cloud.image_of(kOld)};
    request = asking();
    ending = Ending::rolled_back;
  }
  Listener listener;
  CHECK(ops::deploy(settings(), request, cloud.world(), listener) == ending);
  CHECK(listener.text().find("as the working tree has it at " + cloud.head.substr(0, 12)) !=
        std::string::npos);
  CHECK(cloud.records().back().tree == cloud.head);
  CHECK(cloud.records().back().commit == (ending == Ending::released ? kNew : kOld));
}

TEST_CASE("why a release was undone is on record, whoever ends the undo", "[ops][deploy]") {
  auto cloud = project();
  cloud.broken = {cloud.image_of(kNew)};
  kill_at_each_call(cloud, asking(), [](FakeCloud left) {
    const bool undoing = left.lock()->phase == ops::Phase::undo;
    if (undoing) {
      CHECK(left.lock()->failure.find("breaks the contract") != std::string::npos);
    }
    CHECK(deploy(left, asking(DeployRequest::Kind::resume)) == Ending::rolled_back);
    const auto record = left.records().back();
    CHECK(record.reason.find("breaks the contract") != std::string::npos);
    CHECK(record.failed_step == "gate");
  });
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

}  // namespace
}  // namespace comments::tests
