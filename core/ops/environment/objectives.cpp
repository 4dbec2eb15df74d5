// Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it.
#include "core/ops/environment/objectives.h"

#include <array>

namespace comments::ops {
namespace {

// clang-format off
constexpr std::array<Objective, 2> kObjectives{{
    {.name = "availability",
     .budget = 0.001,
     .period = "30d",
     .bad = R"promql(sum by (job) (rate(http_server_request_duration_seconds_count{job="comments",http_response_status_code=~"5..|_OTHER"}[$window]))
+ sum by (job) (rate(http_server_rejected_total{job="comments",reason=~"connections|internal"}[$window])))promql",
     .all = R"promql(sum by (job) (rate(http_server_request_duration_seconds_count{job="comments"}[$window]))
+ sum by (job) (rate(http_server_rejected_total{job="comments",reason=~"connections|internal"}[$window])))promql"},
    {.name = "latency",
     .budget = 0.01,
     .period = "30d",
     .bad = R"promql(sum by (job) (rate(http_server_request_duration_seconds_count{job="comments",http_response_status_code!~"5..|_OTHER"}[$window]))
- sum by (job) (rate(http_server_request_duration_seconds_bucket{job="comments",le="0.1",http_response_status_code!~"5..|_OTHER"}[$window])))promql",
     .all = R"promql(sum by (job) (rate(http_server_request_duration_seconds_count{job="comments",http_response_status_code!~"5..|_OTHER"}[$window])))promql"},
}};
// clang-format on

}  // namespace

std::span<const Objective> objectives() {
  return kObjectives;
}

}  // namespace comments::ops
