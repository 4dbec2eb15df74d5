// What remains of a rollout: an object in the state bucket for each, and from it, the way back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/comment/comment.h"
#include "core/ops/cloud/split.h"

namespace comments::ops {

struct ReleaseRecord {
  std::string environment = {};
  std::string result = {};  // released, rolled_back, failed, interrupted
  std::string kind = {};    // deploy, rollback
  std::string owner = {};
  std::string reason = {};  // of an override, or of the failure, with the command and its words
  std::string failed_step = {};  // "": it was released
  std::string last_words = {};   // of the revision that was undone, from its log
  std::string commit = {};
  std::string tree = {};  // the working tree's commit: a rollback's Terraform is of that one
  std::string digest = {};
  std::string image = {};     // REPOSITORY@DIGEST
  std::string revision = {};  // that has the readers, or was to have them
  std::string plan_hash = {};
  std::string verdict = {};  // the canary's figures
  Split traffic_before = {};
  Timestamp ended = {};
  std::vector<std::pair<std::string, double>> steps = {};  // name, seconds

  bool operator==(const ReleaseRecord&) const = default;
};

std::string record_json(const ReleaseRecord& record);
std::optional<ReleaseRecord> parse_record(std::string_view json);

// "2026-11-28T18-42-55Z-0123456789ab.json": their order is that of time.
std::string record_name(const ReleaseRecord& record);

}  // namespace comments::ops
