// Cloud Monitoring's alert policies. Its incidents have no API in gcloud; but a policy says in
// PromQL when it fires, and that can be asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comments::ops {

struct AlertPolicy {
  std::string name;
  std::string severity;  // page, ticket, as its label says
  bool enabled = true;
  std::vector<std::string> queries;  // any answer: it fires
  bool has_others = false;           // conditions that are not PromQL

  bool operator==(const AlertPolicy&) const = default;
};

// Of `gcloud alpha monitoring policies list --format=json`: those labelled with the service.
// nullopt: that is no such list.
std::optional<std::vector<AlertPolicy>> parse_alert_policies(std::string_view json,
                                                             std::string_view service);

}  // namespace comments::ops
