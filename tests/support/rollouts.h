// A project in which an old commit serves, a rollout of a new one against FakeCloud, and what may
// be left of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/support/catch.h"
#include "tests/support/fake_cloud.h"

namespace comments::tests {

using ops::Command;
using ops::DeployRequest;
using ops::Ending;
using ops::Outcome;
using ops::Split;
using WebInstead = std::optional<Result<ops::WebAnswer>>;

inline const std::string kOld(40, 'a');
inline const std::string kNew(40, 'b');
inline const std::string kOldRevision = "comments-00001";
inline const std::string kNewRevision = "comments-00002";

inline ops::DeploySettings settings() {
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

inline DeployRequest asking(DeployRequest::Kind kind = DeployRequest::Kind::deploy) {
  return {.kind = kind, .host = "host", .process = 1, .plan_file = "comments.tfplan"};
}

// A project in which the old commit serves.
inline FakeCloud project() {
  FakeCloud cloud;
  cloud.head = kNew;
  cloud.digests = {{kOld, "sha256:01d"}, {kNew, "sha256:4e3"}};
  cloud.revisions = {{kOldRevision, cloud.image_of(kOld)}};
  cloud.split = {{kOldRevision, 100}};
  cloud.state_image = cloud.image_of(kOld);
  return cloud;
}

inline Ending deploy(FakeCloud& cloud, const DeployRequest& request = asking(),
                     const ops::DeploySettings& with = settings()) {
  Listener listener;
  const auto ending = ops::deploy(with, request, cloud.world(), listener);
  UNSCOPED_INFO(listener.text());
  return ending;
}

// Somebody else takes it over.
inline void take_away_lock(FakeCloud& cloud) {
  auto progress = cloud.lock().value();
  progress.owner = "mallory@example.com";
  auto& object = cloud.objects["gs://state/deploy/lock.json"];
  object = {object.generation + 1'000, ops::progress_json(progress)};
}

// Whatever somebody else should find as it was.
inline void check_untouched(const FakeCloud& cloud, const FakeCloud& before) {
  CHECK(ops::is_same_split(cloud.split, before.split));
  CHECK(cloud.tags == before.tags);
  CHECK(cloud.state_image == before.state_image);
  CHECK_FALSE(cloud.lock());
}

inline void check_released(const FakeCloud& cloud) {
  CHECK(cloud.split == Split{{kNewRevision, 100}});
  CHECK(cloud.tags.empty());
  CHECK(cloud.state_image == cloud.image_of(kNew));
  CHECK_FALSE(cloud.lock());
}

inline std::vector<std::string> lines_of(const std::vector<Command>& commands) {
  std::vector<std::string> lines;
  lines.reserve(commands.size());
  for (const auto& command : commands) {
    lines.push_back(ops::shell_quoted(command));
  }
  return lines;
}

inline int calls_of_a_good_rollout() {
  auto cloud = project();
  deploy(cloud);
  return static_cast<int>(cloud.calls.size());
}

// Every call of `request` is the last once; what is left is handed on.
inline void kill_at_each_call(const FakeCloud& cloud, const DeployRequest& request,
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

// Three releases, the last of which serves.
inline FakeCloud three_releases() {
  auto cloud = project();
  cloud.digests[std::string(40, 'c')] = "sha256:3cd";
  for (const auto digit : {'a', 'b', 'c'}) {
    cloud.head = std::string(40, digit);
    deploy(cloud);
  }
  return cloud;
}

}  // namespace comments::tests
