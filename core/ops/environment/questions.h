// What is asked in PromQL of how an environment does, and the answers read: pure text and numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ops/cloud/promql.h"
#include "core/ops/environment/objectives.h"
#include "core/ops/environment/status.h"

namespace comments::ops {

// Raw metrics of the application alone: Google's endpoint records nothing.
struct TrafficQueries {
  std::string requests;
  std::string errors;  // of 1
  std::string p50;
  std::string p99;
  std::string instances;  // by revision_name
};
TrafficQueries traffic_queries();

struct BudgetQueries {
  std::string bad;       // share of all in the period
  std::string bad_hour;  // and in the last hour
};
BudgetQueries budget_queries(const Objective& objective);

// Fires on every Prometheus that evaluates our rules.
inline constexpr std::string_view kWatchdog = "Watchdog";
std::string firing_query();

// The one value; nullopt: none, several, or no finite number.
std::optional<double> only_value(const std::vector<Answer>& answers);

std::vector<Instances> instances_of(const std::vector<Answer>& answers);

Budget budget_of(const Objective& objective, std::optional<double> bad,
                 std::optional<double> bad_hour);

// nullopt: this Prometheus does not evaluate our rules, so its silence means nothing.
std::optional<Alerts> firing_of(const std::vector<Answer>& answers);

}  // namespace comments::ops
