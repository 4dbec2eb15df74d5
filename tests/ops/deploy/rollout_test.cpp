// A rollout in which all goes well, and what must be there before it begins.
#include <algorithm>
#include <map>
#include <regex>
#include <sstream>

#include "core/ops/deploy/dry_run.h"
#include "core/ops/deploy/recipe.h"
#include "tests/support/catch.h"
#include "tests/support/rollouts.h"

namespace comments::tests {
namespace {

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
std::string in_order(std::vector<std::string> lines) {
  constexpr std::ptrdiff_t kOfPreflight = 9;
  std::sort(lines.begin(), lines.begin() + std::min(kOfPreflight, std::ssize(lines)));
  // A rollback reads as many records as it takes.
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

// What was found out on the way, as the dry run writes it.
std::string in_general(std::string line) {
  for (const auto& [found, word] :
       std::map<std::string, std::string>{{kNew.substr(0, 12) + ".json", "COMMIT.json"},
                                          {kNew, "COMMIT"},
                                          {"sha256:01d", "DIGEST"},
                                          {"sha256:4e3", "DIGEST"}}) {
    for (auto at = line.find(found); at != std::string::npos; at = line.find(found)) {
      line.replace(at, found.size(), word);
    }
  }
  // A generation, and a time, are different each time.
  line = std::regex_replace(line, std::regex("match=[1-9A-Z][0-9A-Z]*"), "match=G");
  line = std::regex_replace(line, std::regex("'?(lock.json)'?( |$)"), "$1$2");
  line = std::regex_replace(line, std::regex("cat gs:.*/releases/.*"), "cat RELEASE");
  return std::regex_replace(line, std::regex("releases/[0-9TZ-]+(COMMIT|[0-9a-f]{12})"),
                            "releases/TIME-COMMIT");
}

std::string run_by(const FakeCloud& cloud, std::size_t first, const std::string& serving,
                   const std::string& revision) {
  std::vector<std::string> lines;
  for (auto i = first; i < cloud.calls.size(); ++i) {
    auto line = in_general(ops::shell_quoted(cloud.calls[i]));
    line = std::regex_replace(line, std::regex(serving), "SERVING");
    line = std::regex_replace(line, std::regex(revision), "REVISION");
    if (line != "gcloud auth print-access-token") {  // with it the canary asks Prometheus
      lines.push_back(std::move(line));
    }
  }
  return in_order(std::move(lines));
}

std::string shown_by(const DeployRequest& request) {
  std::vector<std::string> lines;
  std::istringstream stream(ops::dry_run(settings(), request));
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("#   ")) {
      lines.push_back(in_general(line.substr(4)));
    } else if (!line.starts_with("#")) {
      lines.push_back(in_general(line));
    }
  }
  return in_order(std::move(lines));
}

TEST_CASE("what is shown by a dry run is what is run", "[ops][deploy]") {
  auto cloud = project();
  auto request = asking();
  SECTION("of a rollout") {
    REQUIRE(deploy(cloud, request) == Ending::released);
    CHECK(run_by(cloud, 0, kOldRevision, kNewRevision) == shown_by(request));
  }
  SECTION("of a plan") {
    request = asking(DeployRequest::Kind::plan_only);
    REQUIRE(deploy(cloud, request) == Ending::planned);
    CHECK(run_by(cloud, 0, kOldRevision, kNewRevision) == shown_by(request));
  }
  SECTION("of a plan that was approved") {
    auto planning = asking(DeployRequest::Kind::plan_only);
    planning.plan_out = request.plan_in = "approved";
    REQUIRE(deploy(cloud, planning) == Ending::planned);
    const auto first = cloud.calls.size();
    REQUIRE(deploy(cloud, request) == Ending::released);
    CHECK(run_by(cloud, first, kOldRevision, kNewRevision) == shown_by(request));
  }
  SECTION("of the way back") {
    cloud.head = kOld;
    REQUIRE(deploy(cloud) == Ending::released);
    cloud.head = kNew;
    REQUIRE(deploy(cloud) == Ending::released);
    const auto first = cloud.calls.size();
    request = asking(DeployRequest::Kind::rollback);
    REQUIRE(deploy(cloud, request) == Ending::released);
    CHECK(run_by(cloud, first, kNewRevision, kOldRevision) == shown_by(request));
  }
}

TEST_CASE("a dry run says of each step what it is for", "[ops][deploy]") {
  for (const auto kind : {DeployRequest::Kind::deploy, DeployRequest::Kind::plan_only,
                          DeployRequest::Kind::resume, DeployRequest::Kind::rollback}) {
    const auto text = ops::dry_run(settings(), asking(kind));
    std::size_t last = 0;
    for (const auto& step : ops::recipe(kind)) {
      const auto at = text.find(fmt::format("# {}: {}\n", step.name, step.what));
      INFO(step.name);
      REQUIRE(at != std::string::npos);
      CHECK(at >= last);  // in their order
      last = at;
    }
  }
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

TEST_CASE("whether Terraform can log in is asked before anything is changed", "[ops][deploy]") {
  auto cloud = project();
  cloud.application_default = false;
  auto request = asking();
  SECTION("it cannot") {
    Listener listener;
    CHECK(ops::deploy(settings(), request, cloud.world(), listener) == Ending::failed);
    CHECK(listener.text().find("run `gcloud auth application-default login`") != std::string::npos);
    CHECK(cloud.objects.empty());
  }
  SECTION("it can, by variables of its own: gcloud does not know them, and is not asked") {
    request.terraform_logs_in = true;
    CHECK(deploy(cloud, request) == Ending::released);
    for (const auto* words : {"application-default", "git status"}) {
      INFO(words);
      const bool is_shown = ops::dry_run(settings(), request).find(words) != std::string::npos;
      CHECK(is_shown == (words == std::string_view("git status")));
    }
  }
}

TEST_CASE("the answer whether Terraform can log in holds no token", "[ops][deploy]") {
  auto cloud = project();
  std::string heard;
  cloud.answer_instead = [&](int, const Command& command) -> std::optional<Outcome> {
    heard += command.words[2] == "application-default" ? ops::shell_quoted(command) : "";
    return std::nullopt;
  };
  REQUIRE(deploy(cloud) == Ending::released);
  CHECK(heard.ends_with(" --format=none"));
}

TEST_CASE("everything that is missing is said at once", "[ops][deploy]") {
  auto cloud = project();
  cloud.account.clear();
  cloud.application_default = false;
  cloud.changes = " M core\n";
  cloud.instead = [](int, const Command& command) {
    return command.words[0] == "terraform"
               ? std::optional(Outcome{.end = Outcome::End::not_started, .err = "no terraform"})
               : std::nullopt;
  };
  Listener listener;
  CHECK(ops::deploy(settings(), asking(), cloud.world(), listener) == Ending::failed);
  for (const auto* words : {"gcloud auth login", "gcloud auth application-default login",
                            "install Terraform", "commit or stash"}) {
    CHECK(listener.text().find(words) != std::string::npos);
  }
  CHECK(cloud.objects.empty());
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

TEST_CASE("what Terraform does is told as it goes on, of how much", "[ops][deploy]") {
  auto cloud = three_releases();
  auto request = asking(DeployRequest::Kind::rollback);  // nobody has planned it
  std::string step = "restore";
  SECTION("in a rollback") {}
  SECTION("in a rollout") {
    cloud.head = kOld;
    request = asking();
    step = "apply";
  }
  Listener listener;
  REQUIRE(ops::deploy(settings(), request, cloud.world(), listener) == Ending::released);
  const auto text = listener.text();
  for (const auto* words :
       {"[1/1] update module.service.x\n", "[1/1] update module.service.x: done\n"}) {
    INFO(text);
    CHECK(text.find(fmt::format("progress {}: {}", step, words)) != std::string::npos);
  }
  CHECK((text.find("step_done apply: 1 changed; new revision") != std::string::npos) ==
        (step == "apply"));
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
