// An environment as one look has shown it, and what that means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ops/cloud/service.h"
#include "core/ops/cloud/terraform_events.h"
#include "core/ops/deploy/progress.h"
#include "core/ops/deploy/record.h"
#include "core/wire/answers.h"

namespace comments::ops {

// What one question came to. Each may fail without the others.
template <class T>
struct Finding {
  std::optional<T> value = {};
  std::string unknown = {};  // why there is no value; both empty: nobody has asked

  bool is_unknown() const { return !value && !unknown.empty(); }
};

// What the public address says of itself.
struct PublicAnswer {
  int http_status = 0;
  Health health;
};
bool is_ready(const PublicAnswer& answer);

// Over the last five minutes; nullopt: not known, or a share of nothing.
struct Traffic {
  std::optional<double> requests_per_second;
  std::optional<double> error_ratio;  // of 1
  std::optional<double> p50;          // seconds, of what did not fail
  std::optional<double> p99;
};

struct Instances {
  std::string revision;
  int count = 0;
};

// Of one objective.
struct Budget {
  std::string objective;
  double promised = 0;         // of 1, such as 0.999
  std::string period;          // such as 30d
  std::optional<double> left;  // of 1; below 0: more is used up than there was
  std::optional<double> burn;  // in the last hour, so many times faster than the period bears
};

struct FiringAlert {
  std::string name;
  std::string severity;  // page, ticket
};

struct Alerts {
  std::vector<FiringAlert> firing;
  int watched = 0;                    // so many were looked at; 0: not known
  std::vector<std::string> disabled;  // exist, but tell nobody
  std::vector<std::string> unjudged;  // nobody knows whether they fire, with the reason
  std::vector<std::string> unseen;    // have conditions that are no PromQL, and are not looked at
  bool at_once = false;               // an alert that has to last counts from its first moment on
};

// What terraform would change to have what its files describe.
struct Drift {
  bool any = false;
  PlanSummary plan;
  std::string commit;  // of the files
  Timestamp looked_at;
};

struct EnvironmentStatus {
  Timestamp time;
  std::string environment;
  std::string project;
  std::string region;
  std::string service_name;
  std::string migrate_job;  // "": without a database: comments are kept in memory
  std::string url;
  std::string grafana;      // "": none
  std::string alerts_page;  // where incidents are listed
  std::string no_access;    // why nobody could be asked, and what to do; "" otherwise

  Finding<PublicAnswer> answer;
  Finding<std::optional<Service>> service;    // nullopt: there is none
  Finding<std::optional<Progress>> rollout;   // the lock's; nullopt: no rollout
  Finding<std::vector<ReleaseRecord>> ended;  // rollouts, the newest first
  Finding<std::vector<Instances>> instances;
  Finding<Traffic> traffic;
  Finding<std::vector<Budget>> budgets;
  Finding<Alerts> alerts;
  Finding<Drift> drift;
};

// The newest rollout that readers got and kept; nullptr: none is on record.
const ReleaseRecord* released(const EnvironmentStatus& status);

// Whether somebody is at work on a rollout now: neither held nor expired.
bool is_going_on(const EnvironmentStatus& status);

enum class EnvironmentVerdict {
  ok,           // as far as it is known: see Assessment::unknown
  degraded,     // reasons say why
  unreachable,  // what serves, or whether a rollout goes on, could not be found out
};

struct Assessment {
  EnvironmentVerdict verdict = EnvironmentVerdict::ok;
  std::vector<std::string> reasons;  // each with what to do; empty when ok
  std::vector<std::string> notes;    // what a person should know, and is no fault
  std::vector<std::string> unknown;  // "alerts: why"
};

Assessment assess(const EnvironmentStatus& status);

}  // namespace comments::ops
