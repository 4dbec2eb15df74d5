#include "cli/environment_text.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "cli/number_words.h"
#include "cli/screen_text.h"
#include "cli/terminal_text.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

using ops::EnvironmentStatus;
using ops::EnvironmentVerdict;

constexpr std::size_t kIndent = 11;
constexpr std::size_t kCommit = 12;
constexpr std::string_view kNotSetUp = "not set up: deploy.toml names no prometheus";

std::string_view word_of(EnvironmentVerdict verdict) {
  switch (verdict) {
    case EnvironmentVerdict::ok:
      return "OK";
    case EnvironmentVerdict::degraded:
      return "DEGRADED";
    case EnvironmentVerdict::unreachable:
      break;
  }
  return "UNREACHABLE";
}

std::string_view paint_of(EnvironmentVerdict verdict) {
  switch (verdict) {
    case EnvironmentVerdict::ok:
      return colour_of::kGood;
    case EnvironmentVerdict::degraded:
      return colour_of::kAttention;
    case EnvironmentVerdict::unreachable:
      break;
  }
  return colour_of::kBad;
}

std::string minute_text(Timestamp time) {
  auto text = timestamp_text(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string row(std::string_view label, std::string_view text) {
  return paragraph(text, kIndent, label);
}

template <class T>
std::string row(std::string_view label, const ops::Finding<T>& finding,
                std::string (*text)(const T&, const EnvironmentStatus&),
                const EnvironmentStatus& status, std::string_view not_asked) {
  return row(label, finding.value          ? text(*finding.value, status)
                    : finding.is_unknown() ? "unknown: " + finding.unknown
                                           : std::string(not_asked));
}

std::string answer_text(const ops::PublicAnswer& answer, const EnvironmentStatus& status) {
  return fmt::format(
      "{}  {}, commit {}, revision {}", status.url, first_of(answer.health.status, 16),
      first_of(answer.health.commit, kCommit, ""), first_of(answer.health.revision_name, 40));
}

std::string traffic_text(const std::optional<ops::Service>& service, const EnvironmentStatus&) {
  return service ? split_text(service->split)
                 : std::string("there is no service yet: nobody is served");
}

std::string rollout_text(const std::optional<ops::Progress>& progress,
                         const EnvironmentStatus& status) {
  if (!progress) {
    return "none goes on";
  }
  const auto state = progress->held                       ? "held"
                     : is_expired(*progress, status.time) ? "died"
                                                          : "goes on";
  return fmt::format("{}: {}", state, holder_text(*progress));
}

std::string instances_text(const std::vector<ops::Instances>& instances, const EnvironmentStatus&) {
  int total = 0;
  std::string parts;
  for (const auto& each : instances) {
    total += each.count;
    parts += fmt::format("{}{} of {}", parts.empty() ? "" : ", ", each.count, each.revision);
  }
  return total == 0              ? "none reports"
         : instances.size() == 1 ? parts
                                 : fmt::format("{}: {}", total, parts);
}

std::string shown(std::optional<double> number, std::string (*text)(double)) {
  return number ? text(*number) : "-";
}

std::string figures_text(const ops::Traffic& traffic, const EnvironmentStatus&) {
  return fmt::format("{}, errors {}, p50 {}, p99 {} (last 5 min)",
                     shown(traffic.requests_per_second, per_second),
                     shown(traffic.error_ratio, percent), shown(traffic.p50, duration),
                     shown(traffic.p99, duration));
}

std::string budget_text(const ops::Budget& budget) {
  return fmt::format("{} {:g} %: {} of {} left, burns {}", budget.objective, budget.promised * 100,
                     budget.left ? fmt::format("{:.1f} %", *budget.left * 100) : "-", budget.period,
                     budget.burn ? fmt::format("{:.1f} x (last hour)", *budget.burn) : "-");
}

std::string alerts_text(const ops::Alerts& alerts, const EnvironmentStatus&) {
  std::string text;
  for (const auto& alert : alerts.firing) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", alert.name, alert.severity);
  }
  text = text.empty() ? "none fires" : "firing: " + text;
  if (alerts.watched > 0) {
    text += fmt::format(", of {} policies", alerts.watched);
  }
  if (!alerts.unjudged.empty()) {
    text +=
        fmt::format("; {} unknown, such as {}", alerts.unjudged.size(), alerts.unjudged.front());
  }
  if (!alerts.unseen.empty()) {
    text += fmt::format("; not looked at: {}", fmt::join(alerts.unseen, ", "));
  }
  return text;
}

std::string drift_text(const ops::Drift& drift, const EnvironmentStatus&) {
  constexpr std::size_t kShown = 3;
  std::string text = drift.any ? "" : "none";
  for (std::size_t i = 0; i < std::min(kShown, drift.plan.changes.size()); ++i) {
    const auto& change = drift.plan.changes[i];
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", change.action, change.address);
  }
  if (drift.plan.changes.size() > kShown) {
    text += fmt::format(" and {} more", drift.plan.changes.size() - kShown);
  }
  return fmt::format("{}, looked at {}", text.empty() ? "outputs only" : text,
                     clock_text(drift.looked_at));
}

std::string release_text(const EnvironmentStatus& status) {
  const auto* release = released(status);
  return release == nullptr
             ? std::string("none")
             : fmt::format("{} by {}, {}, {}", release->commit.substr(0, kCommit), release->owner,
                           minute_text(release->ended), release->revision);
}

std::string record_text(const ops::ReleaseRecord& record) {
  return fmt::format("{}  {:<11}  {}  {}{}", minute_text(record.ended), record.result,
                     record.commit.substr(0, kCommit), record.owner,
                     record.failed_step.empty() ? "" : ", at step " + record.failed_step);
}

std::string headline(const EnvironmentStatus& status, const ops::Assessment& assessment,
                     bool colour) {
  auto line = fmt::format(
      "{}  {}: {} in {}, {}, {}",
      painted(std::string(word_of(assessment.verdict)), paint_of(assessment.verdict), colour),
      status.environment, status.service_name, status.project, status.region,
      clock_text(status.time));
  if (assessment.verdict == EnvironmentVerdict::ok && !assessment.unknown.empty()) {
    line += painted(", as far as is known", colour_of::kAttention, colour);
  }
  return line + '\n';
}

std::string links_text(const EnvironmentStatus& status) {
  return status.grafana.empty() ? status.alerts_page : status.grafana + ", " + status.alerts_page;
}

std::string found_text(const EnvironmentStatus& status) {
  auto text = row("public", status.answer, answer_text, status, "");
  if (status.ended.is_unknown()) {
    text += row("release", "unknown: " + status.ended.unknown);
  } else {
    text += row("release", release_text(status));
  }
  text += row("traffic", status.service, traffic_text, status, "") +
          row("rollout", status.rollout, rollout_text, status, "") +
          row("instances", status.instances, instances_text, status, kNotSetUp) +
          row("requests", status.traffic, figures_text, status, kNotSetUp);
  if (status.budgets.value) {
    std::string_view label = "budget";
    for (const auto& budget : *status.budgets.value) {
      text += row(label, budget_text(budget));
      label = " ";
    }
  } else {
    text += row("budget", status.budgets.is_unknown() ? "unknown: " + status.budgets.unknown
                                                      : std::string(kNotSetUp));
  }
  text += row("alerts", status.alerts, alerts_text, status, kNotSetUp) +
          row("drift", status.drift, drift_text, status, "not looked at");
  std::string_view label = "ended";
  for (const auto& record : status.ended.value.value_or(std::vector<ops::ReleaseRecord>())) {
    text += fmt::format("{:<{}}{}\n", label, kIndent, one_line(record_text(record)));
    label = "";
  }
  return text + row("see", links_text(status));
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto end = text.find('\n');
    result += "    " + terminal_text(text.substr(0, end)) + '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

}  // namespace

std::string environment_text(const EnvironmentStatus& status, bool colour) {
  const auto assessment = assess(status);
  auto text = headline(status, assessment, colour);
  for (const auto& reason : assessment.reasons) {
    text += paragraph(reason, 4, "  -");
  }
  for (const auto& note : assessment.notes) {
    text += paragraph(note, 4);
  }
  return status.no_access.empty() ? text + '\n' + found_text(status) : text;
}

std::string explanation_text(const std::optional<ops::Explanation>& explanation, bool colour) {
  if (!explanation) {
    return "no rollout on record has failed, and none is held; what fails before it has the lock "
           "leaves\nno record: its own output says why\n";
  }
  auto text =
      paragraph(fmt::format("{} ({})", explanation->what, timestamp_text(explanation->time)), 0);
  if (!explanation->step.empty()) {
    text +=
        "\nfailed step: " + painted(one_line(explanation->step), colour_of::kAttention, colour) +
        '\n';
  }
  if (!explanation->command.empty()) {
    text += "command:\n" + indented(explanation->command);
  }
  if (!explanation->said.empty()) {
    text += "it said:\n" + indented(explanation->said);
  }
  if (explanation->command.empty() && !explanation->reason.empty()) {
    text += "it said:\n" + indented(explanation->reason);
  }
  if (!explanation->last_words.empty()) {
    text += "the new revision logged:\n" + indented(explanation->last_words);
  }
  if (!explanation->next.empty()) {
    text += "\nnext:\n";
  }
  for (const auto& [line, why] : explanation->next) {
    text += fmt::format("    {}\n        {}\n", one_line(line), why);
  }
  return text;
}

}  // namespace comments::cli
