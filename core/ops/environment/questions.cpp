#include "core/ops/environment/questions.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace comments::ops {
namespace {

constexpr std::string_view kGood = R"(job="comments",http_response_status_code!~"5..|_OTHER")";
constexpr std::string_view kLately = "5m";

std::string filled_in(std::string_view expression, std::string_view window) {
  constexpr std::string_view kWindow = "$window";
  std::string text;
  for (auto at = expression.find(kWindow); at != std::string_view::npos;
       at = expression.find(kWindow)) {
    text.append(expression.substr(0, at)).append(window);
    expression.remove_prefix(at + kWindow.size());
  }
  return text.append(expression);
}

std::string bad_share(const Objective& objective, std::string_view window) {
  return fmt::format("({}) / ({})", filled_in(objective.bad, window),
                     filled_in(objective.all, window));
}

std::string quantile(double which) {
  return fmt::format(
      "histogram_quantile({}, sum by (le) "
      "(rate(http_server_request_duration_seconds_bucket{{{}}}[{}])))",
      which, kGood, kLately);
}

std::string label(const Answer& answer, const char* name) {
  const auto found = answer.labels.find(name);
  return found == answer.labels.end() ? "" : found->second;
}

}  // namespace

TrafficQueries traffic_queries() {
  const auto& availability = objectives().front();
  return {.requests = filled_in(availability.all, kLately),
          .errors = bad_share(availability, kLately),
          .p50 = quantile(0.5),
          .p99 = quantile(0.99),
          .instances = R"(count by (revision_name) (comments_build_info{job="comments"}))"};
}

BudgetQueries budget_queries(const Objective& objective) {
  return {.bad = bad_share(objective, objective.period), .bad_hour = bad_share(objective, "1h")};
}

std::string firing_query() {
  return R"(ALERTS{alertstate="firing"})";
}

std::optional<double> only_value(const std::vector<Answer>& answers) {
  return answers.size() == 1 && std::isfinite(answers.front().value)
             ? std::optional(answers.front().value)
             : std::nullopt;
}

std::vector<Instances> instances_of(const std::vector<Answer>& answers) {
  std::vector<Instances> instances;
  for (const auto& answer : answers) {
    if (answer.value >= 1 && std::isfinite(answer.value)) {
      instances.push_back({label(answer, "revision_name"), static_cast<int>(answer.value)});
    }
  }
  return instances;
}

Budget budget_of(const Objective& objective, std::optional<double> bad,
                 std::optional<double> bad_hour) {
  Budget budget{.objective = std::string(objective.name),
                .promised = 1 - objective.budget,
                .period = std::string(objective.period)};
  if (bad) {
    budget.left = 1 - *bad / objective.budget;
  }
  if (bad_hour) {
    budget.burn = *bad_hour / objective.budget;
  }
  return budget;
}

std::optional<Alerts> firing_of(const std::vector<Answer>& answers) {
  Alerts alerts;
  bool is_awake = false;
  for (const auto& answer : answers) {
    const auto name = label(answer, "alertname");
    const auto severity = label(answer, "severity");
    is_awake = is_awake || name == kWatchdog;
    const FiringAlert alert{name, severity};
    const bool is_told = std::any_of(
        alerts.firing.begin(), alerts.firing.end(),
        [&](const FiringAlert& each) { return each.name == name && each.severity == severity; });
    if (severity != "none" && !is_told) {
      alerts.firing.push_back(alert);
    }
  }
  return is_awake ? std::optional(std::move(alerts)) : std::nullopt;
}

}  // namespace comments::ops
