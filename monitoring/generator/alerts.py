"""All alerts of one target, the burns first, with their expressions filled in."""

import dataclasses

from . import burn_rate


def of(slo, target, form, **values):
    """`values` stand in for the SLO file's own: Terraform puts its figures in later."""
    others = [dataclasses.replace(alert, expression=slo.filled_in(alert.expression, **values))
              for alert in slo.alerts if target in alert.targets]
    return burn_rate.alerts(slo, form) + others


def annotations(slo, alert):
    return {"summary": alert.summary,
            "description": alert.description,
            "runbook_url": f"{slo.runbook_base}{alert.runbook}.md",
            "dashboard_url": f"{slo.dashboard_base}{alert.dashboard}"}


def labels(alert):
    return {"severity": alert.severity, **alert.labels}
