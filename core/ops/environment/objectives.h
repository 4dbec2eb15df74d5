// What the service promises: monitoring/slo.yml, for the program.
#pragma once

#include <span>
#include <string_view>

namespace comments::ops {

// So much of `all` is not `bad` within the period: PromQL, per second over $window.
struct Objective {
  std::string_view name;
  double budget;            // what may be bad, of 1
  std::string_view period;  // such as 30d
  std::string_view bad;
  std::string_view all;
};

std::span<const Objective> objectives();

}  // namespace comments::ops
