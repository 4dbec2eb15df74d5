"""Grafana's alert rules, as files that it reads at its start (apiVersion 1). They ask the data source
in raw PromQL, so that it may be Google's Managed Prometheus, which records nothing.

Grafana replaces $NAME in titles and labels by the environment: there are none in them. Queries
(`model`) it takes as they stand.
"""

from . import alerts, burn_rate, panels
from .yaml_text import generated

PATH = "monitoring/grafana/provisioning/alerting/rules.yml"
DATA_SOURCE = {"type": "prometheus", "uid": "comments-prometheus"}
EXPRESSION = {"type": "__expr__", "uid": "__expr__"}
# A healthy query's answer is empty, for the comparison stands in it: no data is no fault. Where the
# data source itself is out of reach, one alert says so for all.
ON_ERROR = {"fire": "Alerting", "keep": "KeepLast", "quiet": "OK"}


def query(promql):
    return {"refId": "A",
            "relativeTimeRange": {"from": 600, "to": 0},
            "datasourceUid": DATA_SOURCE["uid"],
            "model": {"refId": "A", "datasource": DATA_SOURCE, "editorMode": "code", "expr": promql,
                      "instant": True, "range": False, "intervalMs": 1000, "maxDataPoints": 43200}}


def any_answer():
    """Whatever the query answers fires, and no answer is negative: a gauge that is down answers 0."""
    return {"refId": "B",
            "relativeTimeRange": {"from": 600, "to": 0},
            "datasourceUid": EXPRESSION["uid"],
            "model": {"refId": "B", "datasource": EXPRESSION, "type": "threshold", "expression": "A",
                      "conditions": [{"evaluator": {"type": "gt", "params": [-1]}}],
                      "intervalMs": 1000, "maxDataPoints": 43200}}


def uid(name):
    """Grafana takes 40 characters."""
    return name.lower()


def rule(slo, alert, numbers):
    panel = panels.number(numbers, alert)
    return {"uid": uid(alert.name),
            "title": alert.name,
            "condition": "B",
            "data": [query(alert.expression), any_answer()],
            "dashboardUid": alert.dashboard,
            "panelId": panel,
            "noDataState": "OK",
            "execErrState": ON_ERROR[alert.when_blind],
            "for": str(alert.hold),
            "annotations": {**alerts.annotations(slo, alert), "__dashboardUid__": alert.dashboard,
                            "__panelId__": str(panel)},
            "labels": alerts.labels(alert)}


def rules(slo):
    numbers = panels.numbers(slo)
    of_all = [rule(slo, alert, numbers)
              for alert in alerts.of(slo, "grafana", burn_rate.Raw(slo))]
    return {"apiVersion": 1,
            "groups": [{"orgId": 1, "name": "comments", "folder": "Comments",
                        "interval": str(slo.interval), "rules": of_all}]}


def outputs(slo):
    return {PATH: generated(rules(slo))}
