"""The index of docs/runbooks: every alert, by severity."""

from . import burn_rate
from .slo import SEVERITIES

PATH = "docs/runbooks/README.md"
HEAD = """<!-- Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it. -->
# Runbooks

One file an alert: what it means to readers, what to look at, what to do, how to know that it worked.
**page**: somebody gets up. **ticket**: in working hours. Whoever is on call begins with

    comments status --url https://comments.example.com --admin-url http://127.0.0.1:9464

and with the dashboard *Overview*, here while a release made one request in three fail (our panels, drawn
with Grafana's UI components; not a screenshot of Grafana):

![the overview: readers get errors since comments-00042](../dashboard-overview.png)

| alert | severity | it says |
| --- | --- | --- |
"""


def row(alert):
    return f"| [{alert.name}]({alert.runbook}.md) | {alert.severity} | {alert.summary} |\n"


def outputs(slo):
    every = burn_rate.alerts(slo, burn_rate.Recorded()) + list(slo.alerts)
    rows = [row(alert) for severity in SEVERITIES for alert in every if alert.severity == severity]
    return {PATH: HEAD + "".join(rows)}
