#include "core/ops/environment/alert_policies.h"

#include "core/ops/cloud/json.h"

namespace comments::ops {

std::optional<std::vector<AlertPolicy>> parse_alert_policies(std::string_view json,
                                                             std::string_view service) {
  const auto document = parse_json(json);
  if (!document.is_array()) {
    return std::nullopt;
  }
  std::vector<AlertPolicy> policies;
  for (const auto& each : document) {
    if (text_at(each, "/userLabels/service") != service) {
      continue;
    }
    const auto title = text_at(each, "/displayName");
    AlertPolicy policy{.name = title.substr(0, title.find(':')),
                       .severity = text_at(each, "/userLabels/severity"),
                       .enabled = at(each, "/enabled").is_null() || flag_at(each, "/enabled")};
    for (const auto& condition : at(each, "/conditions")) {
      auto query = text_at(condition, "/conditionPrometheusQueryLanguage/query");
      if (query.empty()) {
        policy.has_others = true;
      } else {
        policy.queries.push_back(std::move(query));
      }
    }
    policies.push_back(std::move(policy));
  }
  return policies;
}

}  // namespace comments::ops
