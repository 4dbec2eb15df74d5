"""The objectives as C++, for `comments status --env`: PromQL with $window still to be filled in."""

from . import burn_rate
from .slo import of_objective

PATH = "core/ops/environment/objectives.cpp"

TEXT = '''\
// Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it.
#include "core/ops/environment/objectives.h"

#include <array>

namespace comments::ops {{
namespace {{

// clang-format off
constexpr std::array<Objective, {count}> kObjectives{{{{
{rows}
}}}};
// clang-format on

}}  // namespace

std::span<const Objective> objectives() {{
  return kObjectives;
}}

}}  // namespace comments::ops
'''

ROW = '''\
    {{.name = "{name}",
     .budget = {budget},
     .period = "{period}",
     .bad = R"promql({bad})promql",
     .all = R"promql({all})promql"}},'''


def row(slo, objective):
    def filled_in(expression):
        return slo.filled_in(expression, **of_objective(objective, "$window")).strip()
    return ROW.format(name=objective.name, budget=burn_rate.plain(objective.budget), period=objective.period,
                      bad=filled_in(objective.bad), all=filled_in(objective.all))


def outputs(slo):
    rows = "\n".join(row(slo, objective) for objective in slo.objectives)
    return {PATH: TEXT.format(count=len(slo.objectives), rows=rows)}
