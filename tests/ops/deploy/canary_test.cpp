// A new revision that is judged, and taken back.
#include <map>
#include <utility>

#include "tests/support/catch.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

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
  SECTION("they may: as many as a verdict needs, to both, at each step") {
    std::map<std::string, int> probes;
    cloud.web_instead = [&](const ops::WebRequest& request) -> WebInstead {
      probes[request.url] += cloud.split.size() == 2 ? 1 : 0;
      return std::nullopt;
    };
    CHECK(deploy(cloud) == Ending::released);
    const auto expected = 2 * settings().canary.minimum_requests;
    CHECK(probes["http://candidate.example"] == expected);
    CHECK(probes[FakeCloud::kPublicUrl] == expected);
  }
  SECTION("they may not: held") {
    auto quiet = settings();
    quiet.canary.synthetic_probes = false;
    CHECK(deploy(cloud, asking(), quiet) == Ending::held);
  }
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

}  // namespace
}  // namespace comments::tests
