#include <algorithm>
#include <cmath>

#include "core/ops/figures.h"
#include "tests/fuzz/target.h"

namespace {

using comments::fuzz::must_hold;

void check(const std::optional<double>& figure) {
  must_hold(!figure || (std::isfinite(*figure) && *figure >= 0), "a figure can be shown");
}

void check(const comments::ops::Activity& activity) {
  for (const auto& figure :
       {activity.requests, activity.requests_per_second, activity.error_ratio, activity.slow_ratio,
        activity.p50, activity.p99, activity.cache_hit_ratio, activity.created,
        activity.created_per_second, activity.commit_p50, activity.commit_p99, activity.log_errors,
        activity.cpu_cores}) {
    check(figure);
  }
}

}  // namespace

// The input's halves are two looks at a service.
FUZZ_TARGET(metrics_text) {
  using namespace comments::ops;
  const auto before = parse_metrics(input.substr(0, input.size() / 2));
  const auto after = parse_metrics(input.substr(input.size() / 2));
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
  must_hold(
      before.samples.size() + before.refused_lines + after.samples.size() + after.refused_lines <=
          lines + 2,
      "a line is one sample at most");
  const auto figures =
      figures_of(reading_of(after.samples), 1e9, Earlier{reading_of(before.samples), 1});
  check(figures.since_start);
  check(figures.lately.value());
  check(figures.uptime);
  check(figures.levels.memory_bytes);
}
