// What terraform tells of its work with -json, a line each. Source:
// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comments::ops {

struct TerraformEvent {
  enum class Kind {
    planned,    // one change of the plan: address, action
    summary,    // how many changes in all
    started,    // a change: address, action
    going_on,   // every 10 s of a change: address, action, seconds
    completed,  // address, action, seconds
    failed,     // address, action
    warning,    // text
    error,      // text
  };
  Kind kind = Kind::planned;
  std::string address = {};
  std::string action = {};  // create, update, delete, replace, read, …
  int seconds = 0;
  std::string text = {};
  int add = 0;
  int change = 0;
  int remove = 0;
};

// nullopt: of no interest, or no event at all.
std::optional<TerraformEvent> parse_terraform_event(std::string_view line);

struct PlannedChange {
  std::string address;
  std::string action;

  bool operator==(const PlannedChange&) const = default;
};

struct PlanSummary {
  std::vector<PlannedChange> changes;
  int add = 0;
  int change = 0;
  int remove = 0;
  std::vector<std::string> warnings;
  std::vector<std::string> errors;  // "ADDRESS: text", where it has one

  bool is_empty() const { return changes.empty(); }
};

// Of everything that `plan -json` has printed.
PlanSummary summary_of(std::string_view lines);

}  // namespace comments::ops
