// PromQL asked about an environment, and Cloud Monitoring's policies read.
#include "core/ops/environment/questions.h"

#include <cmath>
#include <limits>

#include "core/ops/environment/alert_policies.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

using ops::Answer;

Answer answer(double value, std::map<std::string, std::string> labels = {}) {
  return {std::move(labels), value};
}

bool is_near(std::optional<double> value, double expected) {
  return value && std::abs(*value - expected) < 1e-9;
}

const ops::Objective& availability() {
  return ops::objectives().front();
}

}  // namespace

TEST_CASE("the objectives are those of the service, with their windows filled in", "[ops]") {
  REQUIRE(ops::objectives().size() == 2);
  CHECK(availability().name == "availability");
  for (const auto& objective : ops::objectives()) {
    const auto queries = budget_queries(objective);
    CHECK(queries.bad.find("[30d]") != std::string::npos);
    CHECK(queries.bad_hour.find("[1h]") != std::string::npos);
    CHECK((queries.bad + queries.bad_hour).find('$') == std::string::npos);
  }
}

TEST_CASE("a budget is what is left of what may be bad", "[ops]") {
  auto budget = budget_of(availability(), 0.00025, 0.0144);
  CHECK(is_near(budget.left, 0.75));
  CHECK(is_near(budget.burn, 14.4));
  budget = budget_of(availability(), 0.002, std::nullopt);
  CHECK(is_near(budget.left, -1));
  CHECK_FALSE(budget.burn);
  CHECK_FALSE(budget_of(availability(), std::nullopt, 0).left);
}

TEST_CASE("one finite value is a figure, anything else is unknown", "[ops]") {
  CHECK(ops::only_value({answer(1.5)}) == 1.5);
  CHECK_FALSE(ops::only_value({}));
  CHECK_FALSE(ops::only_value({answer(1), answer(2)}));
  CHECK_FALSE(ops::only_value({answer(std::numeric_limits<double>::quiet_NaN())}));
  CHECK_FALSE(ops::only_value({answer(std::numeric_limits<double>::infinity())}));
}

TEST_CASE("instances are counted by their revision", "[ops]") {
  const auto instances =
      ops::instances_of({answer(2, {{"revision_name", "a"}}), answer(1, {{"revision_name", "b"}})});
  REQUIRE(instances.size() == 2);
  CHECK(instances[0].revision == "a");
  CHECK(instances[0].count == 2);
}

TEST_CASE("a Prometheus whose watchdog is silent does not know what fires", "[ops]") {
  CHECK_FALSE(ops::firing_of({}));
  CHECK_FALSE(ops::firing_of({answer(1, {{"alertname", "X"}, {"severity", "page"}})}));
  const auto watchdog = answer(1, {{"alertname", "Watchdog"}, {"severity", "none"}});
  CHECK(ops::firing_of({watchdog})->firing.empty());
  const auto down = answer(1, {{"alertname", "CommentsDown"}, {"severity", "page"}});
  const auto alerts = ops::firing_of({down, watchdog, down}).value();
  REQUIRE(alerts.firing.size() == 1);  // of two instances
  CHECK(alerts.firing[0].name == "CommentsDown");
  CHECK(alerts.firing[0].severity == "page");
}

TEST_CASE("of a project's policies, those labelled with the service are ours", "[ops]") {
  constexpr std::string_view kPolicies = R"([
    {"displayName": "CommentsDown: No instance answers", "enabled": true,
     "userLabels": {"service": "comments", "severity": "page"},
     "conditions": [{"conditionPrometheusQueryLanguage": {"query": "up == 0", "duration": "120s"}}]},
    {"displayName": "Uptime", "enabled": false, "userLabels": {"service": "comments"},
     "conditions": [{"conditionThreshold": {"filter": "x"}}]},
    {"displayName": "Another's", "userLabels": {"service": "other"}},
    {"displayName": "Nobody's"}])";
  const auto policies = ops::parse_alert_policies(kPolicies, "comments").value();
  REQUIRE(policies.size() == 2);
  CHECK(policies[0] == ops::AlertPolicy{.name = "CommentsDown",
                                        .severity = "page",
                                        .enabled = true,
                                        .queries = {"up == 0"},
                                        .has_others = false});
  CHECK(policies[1] ==
        ops::AlertPolicy{
            .name = "Uptime", .severity = "", .enabled = false, .queries = {}, .has_others = true});
  CHECK(ops::parse_alert_policies("[]", "comments").value().empty());
  for (const auto* text : {"", "{}", "null", "[1,null,{\"conditions\":3}]"}) {
    CAPTURE(text);
    CHECK(ops::parse_alert_policies(text, "comments")
              .value_or(std::vector<ops::AlertPolicy>())
              .empty());
  }
  CHECK_FALSE(ops::parse_alert_policies("{}", "comments"));
}

}  // namespace comments::tests
