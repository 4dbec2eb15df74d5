// What Prometheus knows of an environment: figures, budgets, alerts.
#pragma once

#include <vector>

#include "core/ops/deploy/settings.h"
#include "core/ops/environment/status.h"
#include "core/ops/prometheus.h"

namespace comments::ops {

struct FigureFindings {
  Finding<std::vector<Instances>> instances;
  Finding<Traffic> traffic;
  Finding<std::vector<Budget>> budgets;
};

// Each query at the same time as others, a few at once.
FigureFindings ask_figures(Prometheus& prometheus);

// Of a Prometheus of ours, the alerts that it has found firing. On Google Cloud, the policies of
// the service whose PromQL has an answer now: `for` is not waited for, and what is no PromQL is
// unjudged.
Finding<Alerts> ask_alerts(const DeploySettings& settings, Prometheus& prometheus, Runner& runner);

}  // namespace comments::ops
