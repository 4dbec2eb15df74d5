// What an undo brings back: what serves, which need not be the newest.
#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

const std::string kUnread(40, 'c');  // made after the one that serves; it has no readers

// The old commit serves; a newer revision has some of the readers, or none.
FakeCloud project_with_unread() {
  auto cloud = project();
  cloud.digests[kUnread] = "sha256:3cd";
  cloud.revisions.push_back({kNewRevision, cloud.image_of(kUnread)});
  cloud.state_image = cloud.image_of(kUnread);
  return cloud;
}

bool was_asked(const FakeCloud& cloud) {
  return std::any_of(cloud.calls.begin(), cloud.calls.end(), [](const Command& command) {
    return command.words[2] == "revisions" && command.words[3] == "describe";
  });
}

// All that was told by a rollout that turns out bad.
std::string told_by_a_bad_rollout(FakeCloud& cloud) {
  cloud.broken = {cloud.image_of(kNew)};
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::rolled_back);
  CHECK_FALSE(cloud.lock());
  return listener.text();
}

TEST_CASE("an undo brings back the image that serves, not the newest one", "[ops][deploy]") {
  auto cloud = project_with_unread();
  const auto text = told_by_a_bad_rollout(cloud);
  CHECK(cloud.split == Split{{kOldRevision, 100}});
  CHECK(cloud.state_image == cloud.image_of(kOld));
  CHECK(text.find("serving now: " + kOldRevision + " 100 %, image " + cloud.image_of(kOld)) !=
        std::string::npos);
}

TEST_CASE("where the newest revision serves, nothing more is asked", "[ops][deploy]") {
  auto cloud = project();
  told_by_a_bad_rollout(cloud);
  CHECK(cloud.state_image == cloud.image_of(kOld));
  CHECK_FALSE(was_asked(cloud));
}

TEST_CASE("before a first release there is no image to ask for", "[ops][deploy]") {
  auto cloud = project_with_unread();
  cloud.split.clear();  // it never became ready: nobody is served
  SECTION("a service that nobody is served by") {}
  SECTION("no service") {
    cloud.revisions.clear();
  }
  told_by_a_bad_rollout(cloud);
  CHECK_FALSE(was_asked(cloud));
  CHECK(cloud.revisions.empty());
}

TEST_CASE("of a split, an undo brings back the image that most readers have", "[ops][deploy]") {
  auto cloud = project_with_unread();
  std::string serving;
  SECTION("the older one") {
    cloud.split = {{kOldRevision, 70}, {kNewRevision, 30}};
    serving = kOldRevision;
  }
  SECTION("the newer one") {
    cloud.split = {{kOldRevision, 30}, {kNewRevision, 70}};
    serving = kNewRevision;
  }
  SECTION("of equals, the first") {
    cloud.split = {{kOldRevision, 50}, {kNewRevision, 50}};
    serving = kOldRevision;
  }
  const auto split = cloud.split;
  const auto text = told_by_a_bad_rollout(cloud);
  CHECK(ops::is_same_split(cloud.split, split));
  CHECK(cloud.state_image == cloud.image_of(serving == kOldRevision ? kOld : kUnread));
  CHECK(text.find("the image of " + serving) != std::string::npos);
}

TEST_CASE("nothing is begun that would leave a revision nobody can come back to", "[ops][deploy]") {
  auto cloud = project_with_unread();
  std::string words;
  SECTION("because it is gone") {
    cloud.revisions.erase(cloud.revisions.begin());
    words = "gcloud run revisions list";
  }
  SECTION("because nobody understands what is said of it") {
    words = "something else than a revision";
    cloud.instead = [](int, const Command& command) {
      return command.words[2] == "revisions" ? std::optional(Outcome{}) : std::nullopt;
    };
  }
  SECTION("because it cannot be asked for") {
    words = "no route";
    cloud.instead = [](int, const Command& command) {
      return command.words[2] == "revisions"
                 ? std::optional(Outcome{.exit_code = 1, .err = "no route"})
                 : std::nullopt;
    };
  }
  const auto before = cloud;
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::failed);
  CHECK(listener.text().find(words) != std::string::npos);
  check_untouched(cloud, before);
}

TEST_CASE("a rollback that fails brings back what it went away from", "[ops][deploy]") {
  auto cloud = three_releases();
  REQUIRE(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::released);
  cloud.revisions.push_back({"comments-00005", cloud.image_of(kUnread)});
  const auto before = cloud;
  REQUIRE(cloud.serving() == kNewRevision);
  auto rollback = asking(DeployRequest::Kind::rollback);
  rollback.to_release = kOld;
  cloud.web_instead = [&](const ops::WebRequest&) -> WebInstead {
    return cloud.serving() == kOldRevision ? WebInstead(ops::WebAnswer{503, "{}", 0})
                                           : std::nullopt;
  };
  CHECK(deploy(cloud, rollback) == Ending::rolled_back);
  check_untouched(cloud, before);
}

TEST_CASE("a rollback goes on from a revision that is gone, and says what an undo could not do",
          "[ops][deploy]") {
  auto cloud = three_releases();
  REQUIRE(deploy(cloud, asking(DeployRequest::Kind::rollback)) == Ending::released);
  std::erase_if(cloud.revisions, [](const FakeRevision& one) { return one.name == kNewRevision; });
  auto rollback = asking(DeployRequest::Kind::rollback);
  rollback.to_release = kOld;
  Listener listener;
  CHECK(ops::deploy(settings(), rollback, cloud.world(), listener) == Ending::released);
  CHECK(cloud.serving() == kOldRevision);
  CHECK(listener.text().find(kNewRevision + " has most readers, and is not there any more") !=
        std::string::npos);
}

}  // namespace
}  // namespace comments::tests
