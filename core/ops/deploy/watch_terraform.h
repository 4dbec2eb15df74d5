// Terraform's own account of its work, told on as it comes.
#pragma once

#include <string>

#include "core/ops/deploy/release.h"

namespace comments::ops {

// The tag by which a new revision is reached before readers are.
inline constexpr std::string_view kCandidateTag = "candidate";

// Lives as long as its sink is in use.
class TerraformWatch {
 public:
  explicit TerraformWatch(Release& release) : release_(release) {}

  LineSink sink();
  std::string totals() const;

 private:
  void take(const TerraformEvent& event);

  Release& release_;
  int planned_ = 0;
  int finished_ = 0;
};

}  // namespace comments::ops
