"""Cloud Monitoring's SLOs, as data for terraform/modules/observability: what its console shows of the
budget. Who is told, the alert policies decide, which read the PromQL of the same objectives.

A share of counters must be of type INT64 or DOUBLE, a histogram can only be cut:
https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives
"""

import json

from .burn_rate import plain
from .slo import DAY_MS

PATH = "terraform/modules/observability/slos.json"


def days(objective):
    """A live test's period is shorter than the shortest that there is."""
    return max(1, objective.period.milliseconds // DAY_MS)


def share(slo, objective):
    cloud = {name: slo.filled_in(text, service="${service}")
             for name, text in vars(objective.cloud).items()}
    if objective.cloud.distribution:
        return {"distribution": cloud["distribution"], "within": float(objective.within)}
    return {"good": cloud["good"], "all": cloud["all"]}


def made(slo, objective):
    return {"display_name": f"{objective.name.capitalize()}: {plain(objective.percent)} % over {days(objective)} days",
            "goal": float(objective.percent / 100),
            "rolling_period_days": days(objective),
            **share(slo, objective)}


def outputs(slo):
    value = {"//": "Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it.",
             "slos": {objective.name: made(slo, objective) for objective in slo.objectives}}
    return {PATH: json.dumps(value, indent=2, ensure_ascii=False) + "\n"}
