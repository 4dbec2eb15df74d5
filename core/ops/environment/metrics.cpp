#include "core/ops/environment/metrics.h"

#include <fmt/format.h>

#include "core/ops/environment/alert_policies.h"
#include "core/ops/environment/questions.h"
#include "core/ops/together.h"

namespace comments::ops {
namespace {

constexpr std::size_t kQueriesAtOnce = 8;

using Answers = std::vector<Result<std::vector<Answer>>>;

Answers ask_all(Prometheus& prometheus, const std::vector<std::string>& queries) {
  Answers answers(queries.size(), Error{ErrorCode::internal, "not asked", {}});
  std::vector<std::function<void()>> tasks;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    tasks.emplace_back([&, i] { answers[i] = prometheus.ask(queries[i]); });
  }
  together(tasks, kQueriesAtOnce);
  return answers;
}

// "": all are there; else why the first that is not is not.
std::string fault_of(std::span<const Answers::value_type> answers) {
  for (const auto& answer : answers) {
    if (!answer) {
      return answer.error().message;
    }
  }
  return "";
}

Finding<Traffic> traffic_of(std::span<const Answers::value_type> answers) {
  if (auto fault = fault_of(answers); !fault.empty()) {
    return {.unknown = std::move(fault)};
  }
  return {.value = Traffic{.requests_per_second = only_value(*answers[0]),
                           .error_ratio = only_value(*answers[1]),
                           .p50 = only_value(*answers[2]),
                           .p99 = only_value(*answers[3])}};
}

// `answers`: two for each objective.
Finding<std::vector<Budget>> budgets_of(std::span<const Answers::value_type> answers) {
  if (auto fault = fault_of(answers); !fault.empty()) {
    return {.unknown = std::move(fault)};
  }
  std::vector<Budget> budgets;
  for (const auto& objective : objectives()) {
    budgets.push_back(budget_of(objective, only_value(*answers[0]), only_value(*answers[1])));
    answers = answers.subspan(2);
  }
  return {.value = std::move(budgets)};
}

// `answers`: one for each query of a policy that is enabled.
Alerts judge(const std::vector<AlertPolicy>& policies, const Answers& answers) {
  Alerts alerts{.at_once = true};
  std::size_t next = 0;
  for (const auto& policy : policies) {
    if (!policy.enabled) {
      alerts.disabled.push_back(policy.name);
      continue;
    }
    ++alerts.watched;
    bool fires = false;
    std::string why;
    for (std::size_t i = 0; i < policy.queries.size(); ++i, ++next) {
      fires = fires || (answers[next] && !answers[next]->empty());
      why = answers[next] ? why : answers[next].error().message;
    }
    if (policy.has_others && !fires) {
      alerts.unseen.push_back(policy.name);
    }
    if (fires) {
      alerts.firing.push_back({policy.name, policy.severity});
    } else if (!why.empty()) {
      alerts.unjudged.push_back(fmt::format("{}: {}", policy.name, why));
    }
  }
  return alerts;
}

Finding<Alerts> ask_policies(const DeploySettings& settings, Prometheus& prometheus,
                             Runner& runner) {
  const auto command = gcloud::alert_policies(settings.place.project);
  const auto outcome = runner.run(command);
  if (!outcome.ok()) {
    return {.unknown = describe(command, outcome)};
  }
  const auto policies = parse_alert_policies(outcome.out, settings.service);
  if (!policies || policies->empty()) {
    return {.unknown = fmt::format("{} has no alert policy for {}", settings.place.project,
                                   settings.service)};
  }
  std::vector<std::string> queries;
  for (const auto& policy : *policies) {
    if (policy.enabled) {
      queries.insert(queries.end(), policy.queries.begin(), policy.queries.end());
    }
  }
  return {.value = judge(*policies, ask_all(prometheus, queries))};
}

}  // namespace

FigureFindings ask_figures(Prometheus& prometheus) {
  constexpr std::size_t kOfTraffic = 4;
  const auto queries = traffic_queries();
  std::vector<std::string> texts{queries.requests, queries.errors, queries.p50, queries.p99,
                                 queries.instances};
  for (const auto& objective : objectives()) {
    const auto budget = budget_queries(objective);
    texts.insert(texts.end(), {budget.bad, budget.bad_hour});
  }
  const auto answers = ask_all(prometheus, texts);
  const std::span all(answers);
  FigureFindings findings{.traffic = traffic_of(all.first(kOfTraffic)),
                          .budgets = budgets_of(all.subspan(kOfTraffic + 1))};
  if (const auto& instances = answers[kOfTraffic]) {
    findings.instances.value = instances_of(*instances);
  } else {
    findings.instances.unknown = instances.error().message;
  }
  return findings;
}

Finding<Alerts> ask_alerts(const DeploySettings& settings, Prometheus& prometheus, Runner& runner) {
  if (prometheus.is_google()) {
    return ask_policies(settings, prometheus, runner);
  }
  const auto answers = prometheus.ask(firing_query());
  if (!answers) {
    return {.unknown = answers.error().message};
  }
  if (auto alerts = firing_of(*answers)) {
    return {.value = std::move(alerts)};
  }
  return {.unknown = fmt::format("{} does not evaluate our rules: its {} is silent",
                                 settings.prometheus, kWatchdog)};
}

}  // namespace comments::ops
