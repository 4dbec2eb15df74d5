"""Prometheus' rules: shares recorded by window, and the alerts that read them."""

from . import alerts, burn_rate
from .yaml_text import generated

FOLDER = "monitoring/prometheus"


def recorded(name, expression):
    return {"record": name, "expr": expression}


def recording(slo):
    raw, names = burn_rate.Raw(slo), burn_rate.Recorded()
    groups = []
    for objective in slo.objectives:
        rules = [recorded(names.bad_share(objective, window), raw.bad_share(objective, window))
                 for window in burn_rate.windows(slo)]
        rules += [recorded(names.requests(objective, burn.long), raw.rate(objective, "all", burn.long))
                  for burn in slo.burns]
        groups.append({"name": f"comments-slo-{objective.name}", "interval": str(slo.interval),
                       "rules": rules})
    return {"groups": groups}


def rule(slo, alert):
    made = {"alert": alert.name, "expr": alert.expression}
    if alert.hold.milliseconds:
        made["for"] = str(alert.hold)
    return {**made, "labels": alerts.labels(alert), "annotations": alerts.annotations(slo, alert)}


def alerting(slo):
    return {"groups": [{"name": "comments-alerts", "interval": str(slo.interval),
                        "rules": [rule(slo, alert)
                                  for alert in alerts.of(slo, "prometheus", burn_rate.Recorded())]}]}


def outputs(slo):
    return {f"{FOLDER}/recording.yml": generated(recording(slo)),
            f"{FOLDER}/alerts.yml": generated(alerting(slo))}
