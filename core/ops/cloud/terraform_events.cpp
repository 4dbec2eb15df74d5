#include "core/ops/cloud/terraform_events.h"

#include "core/ops/cloud/json.h"

namespace comments::ops {
namespace {

using Kind = TerraformEvent::Kind;

TerraformEvent of_hook(Kind kind, const Json& event) {
  return {.kind = kind,
          .address = text_at(event, "/hook/resource/addr"),
          .action = text_at(event, "/hook/action"),
          .seconds = static_cast<int>(number_at(event, "/hook/elapsed_seconds", 0))};
}

TerraformEvent of_diagnostic(const Json& event) {
  auto text = text_at(event, "/diagnostic/summary");
  const auto address = text_at(event, "/diagnostic/address");
  const auto detail = text_at(event, "/diagnostic/detail");
  return {.kind = text_at(event, "/diagnostic/severity") == "error" ? Kind::error : Kind::warning,
          .address = address,
          .text = text + (detail.empty() ? "" : ": " + detail)};
}

TerraformEvent of_summary(const Json& event) {
  return {.kind = Kind::summary,
          .add = static_cast<int>(number_at(event, "/changes/add", 0)),
          .change = static_cast<int>(number_at(event, "/changes/change", 0)),
          .remove = static_cast<int>(number_at(event, "/changes/remove", 0))};
}

}  // namespace

std::optional<TerraformEvent> parse_terraform_event(std::string_view line) {
  const auto event = parse_json(line);
  const auto type = event.is_object() ? text_at(event, "/type") : std::string();
  if (type == "planned_change") {
    return TerraformEvent{.kind = Kind::planned,
                          .address = text_at(event, "/change/resource/addr"),
                          .action = text_at(event, "/change/action")};
  }
  if (type == "change_summary") {
    return of_summary(event);
  }
  if (type == "diagnostic") {
    return of_diagnostic(event);
  }
  if (type == "apply_start") {
    return of_hook(Kind::started, event);
  }
  if (type == "apply_progress") {
    return of_hook(Kind::going_on, event);
  }
  if (type == "apply_complete") {
    return of_hook(Kind::completed, event);
  }
  if (type == "apply_errored") {
    return of_hook(Kind::failed, event);
  }
  return std::nullopt;
}

PlanSummary summary_of(std::string_view lines) {
  PlanSummary summary;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto event = parse_terraform_event(lines.substr(0, end));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (!event) {
      continue;
    }
    if (event->kind == Kind::planned) {
      summary.changes.push_back({event->address, event->action});
    } else if (event->kind == Kind::summary) {
      summary.add = event->add;
      summary.change = event->change;
      summary.remove = event->remove;
    } else if (event->kind == Kind::warning) {
      summary.warnings.push_back(event->text);
    } else if (event->kind == Kind::error) {
      summary.errors.push_back(event->address.empty() ? event->text
                                                      : event->address + ": " + event->text);
    }
  }
  return summary;
}

}  // namespace comments::ops
