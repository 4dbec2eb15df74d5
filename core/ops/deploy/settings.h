// What an environment's deploy.toml says.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core/comment/comment.h"
#include "core/comment/result.h"
#include "core/ops/cloud/gcloud.h"
#include "core/ops/cloud/terraform.h"

namespace comments::ops {

// A time in which nothing is rolled out, such as a football final.
struct Freeze {
  Timestamp begin;
  Timestamp end;
  std::string reason;
};

struct CanarySettings {
  std::vector<int> steps{5, 25, 100};            // percent; rising, the last one 100
  std::chrono::milliseconds bake{300'000};       // how long a step is watched, at least
  std::chrono::milliseconds patience{900'000};   // and until when it may stay undecided
  int minimum_requests = 200;                    // a verdict needs so many
  bool synthetic_probes = true;                  // ours, where readers send too few
  double max_error_ratio = 0.01;                 // more than the stable revision's
  double max_p99_ratio = 1.5;                    // times the stable revision's,
  std::chrono::milliseconds max_p99_floor{100};  // and never because of less than this
};

struct DeploySettings {
  std::string environment;  // dev, staging, prod
  gcloud::Place place;
  std::string service;
  std::string image;  // the repository
  std::string state_bucket;
  std::string url;            // the public one
  std::string candidate_url;  // a new revision's before it has readers; "": Cloud Run's own
  std::string prometheus;     // "": there is none
  std::string migrate_job;    // "": no database
  std::string email_visibility = "raw";
  std::string grafana;  // "": none
  std::string build_config;
  terraform::Root root;
  CanarySettings canary;
  int verify_requests = 20;
  std::chrono::milliseconds lock_expiry{7'200'000};
  std::vector<Freeze> freezes;
};

// A setting's values, in the order of the file: one, or a list.
using SettingValues = std::map<std::string, std::vector<std::string>>;

// `folder`: the environment's, in which its files lie; relative paths begin there. An error names
// the setting, and the remedy; so does a setting that there is not.
Result<DeploySettings> read_deploy_settings(const std::string& environment,
                                            const std::string& folder, const SettingValues& values);

// The freeze that is in force at `now`; nullptr for none.
const Freeze* freeze_at(const std::vector<Freeze>& freezes, Timestamp now);

// "90s", "5m", "1.5h", "250ms". nullopt: no such time.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// Where the registry is, and where images are built: HOST of the image is REGION-docker.pkg.dev,
// and the project comes after it.
gcloud::Place build_place(const DeploySettings& settings);

// gs://BUCKET/…
std::string lock_object(const DeploySettings& settings);
std::string releases_folder(const DeploySettings& settings);
std::string state_object(const DeploySettings& settings);

}  // namespace comments::ops
