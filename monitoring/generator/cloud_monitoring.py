"""Cloud Monitoring's alert policies, as data for terraform/modules/observability. Google has no
recording rules: the PromQL is raw. ${service} and the limits are for Terraform to fill in, which
knows what it sets."""

import json

from . import alerts, burn_rate

PATH = "terraform/modules/observability/alert_policies.json"


def seconds(duration):
    return f"{duration.seconds:g}s"


def policy(slo, alert):
    return {"display_name": f"{alert.name}: {alert.summary}",
            "severity": alert.severity,
            "labels": alerts.labels(alert),
            "query": alert.expression,
            "duration": seconds(alert.hold),
            "evaluation_interval": seconds(slo.interval),
            "documentation": f"{alert.description}\n\nDashboard: {alert.dashboard}",
            "runbook": f"{alert.runbook}.md"}


def policies(slo):
    later = {name: f"${{{name}}}" for name in ("service", *slo.limits)}
    return {"//": "Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it.",
            "policies": {alert.name: policy(slo, alert)
                         for alert in alerts.of(slo, "cloud", burn_rate.Raw(slo), **later)}}


def outputs(slo):
    return {PATH: json.dumps(policies(slo), indent=2, ensure_ascii=False) + "\n"}
