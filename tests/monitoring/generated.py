"""What the tests share: the committed files as values, and the programs that judge them."""

import pathlib
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "monitoring"
PROMETHEUS = MONITORING / "prometheus"
GRAFANA = MONITORING / "grafana/provisioning/alerting"
RUNBOOKS = ROOT / "docs/runbooks"
POLICIES = ROOT / "terraform/modules/observability/alert_policies.json"
GENERATOR = ROOT / "scripts/generate-monitoring"

sys.path.insert(0, str(MONITORING))
sys.path.append(str(ROOT / "tests/support"))
from generator import slo  # noqa: E402  after its folder is known

SOURCE = slo.read(MONITORING / "slo.yml")


def loaded(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def run(*words):
    """Its exit status, and all that it said."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


def generate(*words):
    return run("/usr/bin/python3", GENERATOR, *words)


def prometheus_alerts(folder=PROMETHEUS):
    """Alert's name → its rule."""
    return {rule["alert"]: rule for group in loaded(folder / "alerts.yml")["groups"]
            for rule in group["rules"]}


def grafana_rules():
    return {rule["title"]: rule for group in loaded(GRAFANA / "rules.yml")["groups"]
            for rule in group["rules"]}


def cloud_policies():
    """With the figures of slo.yml where Terraform puts its own."""
    text = POLICIES.read_text(encoding="utf-8")
    for name, value in {"service": SOURCE.service, **SOURCE.limits}.items():
        text = text.replace(f"${{{name}}}", str(value))
    return yaml.safe_load(text)["policies"]  # JSON is YAML


def as_prometheus_rules(target):
    """The alerts of one target in the form that promtool reads."""
    if target == "prometheus":
        return prometheus_alerts()
    if target == "grafana":
        return {name: {"alert": name, "expr": rule["data"][0]["model"]["expr"], "for": rule["for"],
                       "labels": rule["labels"], "annotations": rule["annotations"]}
                for name, rule in grafana_rules().items()}
    return {name: {"alert": name, "expr": policy["query"], "for": policy["duration"],
                   "labels": policy["labels"]}
            for name, policy in cloud_policies().items()}


TARGETS = ("prometheus", "cloud", "grafana")
# Every alert of any target, in Grafana's words where it has it: Cloud Monitoring's have no annotations.
ALERTS = {name: rule for target in TARGETS for name, rule in as_prometheus_rules(target).items()}
