// One rollout at a time, and none in a freeze.
#include "tests/support/catch.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

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

TEST_CASE("the lock's time begins anew with each step", "[ops][deploy]") {
  auto cloud = project();
  cloud.blind = true;
  REQUIRE(deploy(cloud) == Ending::held);
  CHECK(cloud.lock()->taken + std::chrono::minutes(10) < cloud.time);
  CHECK(cloud.lock()->expires + std::chrono::minutes(1) > cloud.time + settings().lock_expiry);
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

}  // namespace
}  // namespace comments::tests
