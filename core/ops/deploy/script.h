// What a rollout would run, written down beside what it is for: the lines of --dry-run.
#pragma once

#include <string>

#include "core/ops/cloud/command.h"
#include "core/ops/cloud/gcloud.h"
#include "core/ops/deploy/release.h"

namespace comments::ops {

// What is found out only on the way.
inline constexpr const char* kGeneration = "GENERATION";
inline constexpr const char* kRevision = "REVISION";  // the new one
inline constexpr const char* kServing = "SERVING";    // the one that has the readers

class Script {
 public:
  Script(const DeploySettings& settings, const DeployRequest& request);

  const DeploySettings& settings;
  const DeployRequest& request;
  const std::string commit;  // COMMIT, where none was named
  const std::string image;   // REPOSITORY@DIGEST

  void note(const std::string& line);
  void command(const Command& command);
  // The lock, over this generation of it.
  void write_lock(const std::string& over = kGeneration);
  void move_traffic(const Split& split, const gcloud::TagChange& tags = {});

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace comments::ops
