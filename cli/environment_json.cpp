#include "cli/environment_json.h"

#include <string_view>
#include <vector>

#include "cli/json_object.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

using ops::EnvironmentStatus;

std::string_view word_of(ops::EnvironmentVerdict verdict) {
  switch (verdict) {
    case ops::EnvironmentVerdict::ok:
      return "ok";
    case ops::EnvironmentVerdict::degraded:
      return "degraded";
    case ops::EnvironmentVerdict::unreachable:
      break;
  }
  return "unreachable";
}

std::string quoted(const std::string& text) {
  std::string result;
  append_json_string(result, text);
  return result;
}

std::string list_of(const std::vector<std::string>& texts) {
  return json_array(texts, quoted);
}

template <class T>
std::string json_of(const ops::Finding<T>& finding, std::string (*text)(const T&)) {
  return finding.value ? text(*finding.value) : "null";
}

std::string answer_json(const ops::PublicAnswer& answer) {
  const auto& health = answer.health;
  return JsonObject()
      .string("commit", health.commit)
      .number("http_status", answer.http_status)
      .flag("reads", health.reads)
      .string("revision_name", health.revision_name)
      .string("status", health.status)
      .string("version", health.version)
      .flag("writes", health.writes)
      .text();
}

std::string share_json(const ops::Share& share) {
  return JsonObject().number("percent", share.percent).string("revision", share.revision).text();
}

std::string service_json(const std::optional<ops::Service>& service) {
  return service ? JsonObject()
                       .flag("follows_latest", service->follows_latest)
                       .string("image", service->image)
                       .string("latest_created", service->latest_created)
                       .string("latest_ready", service->latest_ready)
                       .string("not_ready", service->not_ready)
                       .json("traffic", json_array(service->split, share_json))
                       .string("url", service->url)
                       .text()
                 : "null";
}

std::string rollout_json(const std::optional<ops::Progress>& progress) {
  return progress ? JsonObject()
                        .string("candidate", progress->candidate)
                        .string("commit", progress->commit)
                        .string("expires", timestamp_text(progress->expires))
                        .flag("held", progress->held)
                        .string("host", progress->host)
                        .string("owner", progress->owner)
                        .string("phase", word_of(progress->phase))
                        .flag("rollback", progress->rollback)
                        .string("taken", timestamp_text(progress->taken))
                        .text()
                  : "null";
}

std::string release_json(const ops::ReleaseRecord& record) {
  return JsonObject()
      .string("commit", record.commit)
      .string("ended", timestamp_text(record.ended))
      .string("failed_step", record.failed_step)
      .string("image", record.image)
      .string("kind", record.kind)
      .string("owner", record.owner)
      .string("result", record.result)
      .string("revision", record.revision)
      .text();
}

std::string records_json(const std::vector<ops::ReleaseRecord>& records) {
  return json_array(records, release_json);
}

std::string instances_json(const std::vector<ops::Instances>& instances) {
  return json_array(instances, [](const ops::Instances& each) {
    return JsonObject().number("count", each.count).string("revision", each.revision).text();
  });
}

std::string traffic_json(const ops::Traffic& traffic) {
  return JsonObject()
      .number("error_ratio", traffic.error_ratio)
      .number("p50_seconds", traffic.p50)
      .number("p99_seconds", traffic.p99)
      .number("requests_per_second", traffic.requests_per_second)
      .text();
}

std::string budgets_json(const std::vector<ops::Budget>& budgets) {
  return json_array(budgets, [](const ops::Budget& budget) {
    return JsonObject()
        .number("burn_rate_1h", budget.burn)
        .number("left_ratio", budget.left)
        .string("objective", budget.objective)
        .string("period", budget.period)
        .number("promised_ratio", budget.promised)
        .text();
  });
}

std::string alerts_json(const ops::Alerts& alerts) {
  const auto firing = json_array(alerts.firing, [](const ops::FiringAlert& alert) {
    return JsonObject().string("name", alert.name).string("severity", alert.severity).text();
  });
  return JsonObject()
      .json("disabled", list_of(alerts.disabled))
      .json("firing", firing)
      .json("unjudged", list_of(alerts.unjudged))
      .json("unseen", list_of(alerts.unseen))
      .text();
}

std::string drift_json(const ops::Drift& drift) {
  const auto changes = json_array(drift.plan.changes, [](const ops::PlannedChange& change) {
    return JsonObject().string("action", change.action).string("address", change.address).text();
  });
  return JsonObject()
      .flag("any", drift.any)
      .json("changes", changes)
      .string("commit", drift.commit)
      .string("looked_at", timestamp_text(drift.looked_at))
      .text();
}

std::string explanation_json(const std::optional<ops::Explanation>& explanation) {
  if (!explanation) {
    return "null";
  }
  const auto next = json_array(explanation->next, [](const ops::NextCommand& command) {
    return JsonObject().string("command", command.line).string("why", command.why).text();
  });
  return JsonObject()
      .string("command", explanation->command)
      .string("last_words", explanation->last_words)
      .json("next", next)
      .string("reason", explanation->reason)
      .string("said", explanation->said)
      .string("step", explanation->step)
      .string("time", timestamp_text(explanation->time))
      .string("what", explanation->what)
      .text();
}

}  // namespace

std::string environment_json(const EnvironmentStatus& status,
                             const std::optional<ops::Explanation>& explanation) {
  const auto assessment = assess(status);
  const auto* release = released(status);
  return JsonObject()
             .json("alerts", json_of(status.alerts, alerts_json))
             .json("budgets", json_of(status.budgets, budgets_json))
             .json("drift", json_of(status.drift, drift_json))
             .json("ended", json_of(status.ended, records_json))
             .string("environment", status.environment)
             .json("explanation", explanation_json(explanation))
             .json("figures", json_of(status.traffic, traffic_json))
             .json("format", "1")
             .json("health", json_of(status.answer, answer_json))
             .json("instances", json_of(status.instances, instances_json))
             .json("notes", list_of(assessment.notes))
             .string("project", status.project)
             .json("reasons", list_of(assessment.reasons))
             .string("region", status.region)
             .json("release", release == nullptr ? "null" : release_json(*release))
             .json("rollout", json_of(status.rollout, rollout_json))
             .json("service", json_of(status.service, service_json))
             .string("time", timestamp_text(status.time))
             .json("unknown", list_of(assessment.unknown))
             .string("url", status.url)
             .string("verdict", word_of(assessment.verdict))
             .text() +
         '\n';
}

}  // namespace comments::cli
