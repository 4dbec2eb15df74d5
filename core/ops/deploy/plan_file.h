// A plan that was made and read before, kept in a file to be applied later exactly as it is: the
// plan itself, and what it was made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace comments::ops {

struct PlanFile {
  std::string environment;
  std::string commit;
  std::string digest;
  std::string state_generation;  // of Terraform's state
  std::string traffic;           // whom it was split between
  std::string plan;              // Terraform's own file; may hold secrets

  bool operator==(const PlanFile&) const = default;
};

// JSON with a hash over all of it.
std::string plan_file_text(const PlanFile& file);
// nullopt: it is none, or it was changed.
std::optional<PlanFile> parse_plan_file(std::string_view text);

// SHA-256, as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace comments::ops
