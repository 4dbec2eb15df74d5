// An environment in which all is well, for tests to break.
#pragma once

#include <chrono>

#include "core/ops/environment/status.h"

namespace comments::tests {

inline const Timestamp kNoon(std::chrono::sys_days(std::chrono::year(2026) / 11 / 28) +
                             std::chrono::hours(12));
inline const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
inline const std::string kOlder = "89abcdef0123456789abcdef0123456789abcdef";
inline const std::string kImage = "registry.example/comments@sha256:1111";

inline ops::ReleaseRecord record_of(const std::string& commit, const std::string& result,
                                    std::chrono::minutes ago) {
  return {.environment = "prod",
          .result = result,
          .kind = "deploy",
          .owner = "alice@example.com",
          .commit = commit,
          .image = kImage,
          .revision = "comments-00007-abc",
          .ended = kNoon - ago};
}

inline ops::Progress progress_at(ops::Phase phase) {
  return {.owner = "bob@example.com",
          .host = "laptop",
          .taken = kNoon - std::chrono::minutes(5),
          .expires = kNoon + std::chrono::hours(1),
          .commit = kCommit,
          .phase = phase,
          .candidate = "comments-00008-def",
          .before = {.exists = true, .split = {{"comments-00007-abc", 100}}}};
}

inline ops::EnvironmentStatus healthy() {
  using std::chrono::minutes;
  ops::EnvironmentStatus status{
      .time = kNoon,
      .environment = "prod",
      .project = "example-comments-prod",
      .region = "europe-west1",
      .service_name = "comments",
      .migrate_job = "comments-migrate",
      .url = "https://comments.example.com",
      .grafana = "https://grafana.example.com",
      .alerts_page = "https://console.cloud.google.com/monitoring/alerting?project=p"};
  status.answer.value = {200, {"READY", "0.1.0", kCommit, "comments-00007-abc", true, true}};
  status.service.value = ops::Service{.image = kImage,
                                      .latest_created = "comments-00007-abc",
                                      .latest_ready = "comments-00007-abc",
                                      .split = {{"comments-00007-abc", 100}}};
  status.rollout.value.emplace(std::nullopt);
  status.ended.value = {record_of(kCommit, "released", minutes(60)),
                        record_of(kOlder, "released", minutes(600))};
  status.instances.value = {{"comments-00007-abc", 2}};
  status.traffic.value = {
      .requests_per_second = 130, .error_ratio = 0.0001, .p50 = 0.0005, .p99 = 0.0032};
  status.budgets.value = {{"availability", 0.999, "30d", 0.78, 0.4},
                          {"latency", 0.99, "30d", 1, 0}};
  status.alerts.value = {.watched = 28, .at_once = true};
  status.drift.value = {.commit = kCommit, .looked_at = kNoon};
  return status;
}

}  // namespace comments::tests
