"""Expressions and runbooks speak of metrics that the service has, or that Prometheus and Google give."""

import re

import pytest

from generated import ALERTS, PROMETHEUS, ROOT, RUNBOOKS, TARGETS, as_prometheus_rules, loaded

GIVEN = {"up",
         "run_googleapis_com:container_instance_count",
         "run_googleapis_com:container_completed_probe_count",
         "run_googleapis_com:container_billable_instance_time"}
OURS = re.compile(r"\b(?:http_server|comments|log_messages|process)_[a-z_]+")


def known():
    """What docs/metrics.md lists in the first column of its tables."""
    names = re.findall(r"(?m)^\| `([a-z_]+)`", (ROOT / "docs/metrics.md").read_text(encoding="utf-8"))
    assert len(names) > 30
    return set(names)


def with_series_of_histograms(names):
    parts = {name + part for name in names for part in ("_bucket", "_count", "_sum")
             if name.endswith(("_seconds", "_size"))}
    return names | parts


def selected(promql):
    """The names before a brace, which every selector has."""
    return set(re.findall(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{", promql))


def expressions():
    """Of every target, and of the recording rules."""
    for target in TARGETS:
        for name, rule in as_prometheus_rules(target).items():
            yield f"{target} {name}", rule["expr"]
    for group in loaded(PROMETHEUS / "recording.yml")["groups"]:
        for rule in group["rules"]:
            yield rule["record"], rule["expr"]


EXPRESSIONS = dict(expressions())


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_reads_metrics_that_exist(name):
    assert selected(EXPRESSIONS[name]) <= with_series_of_histograms(known()) | GIVEN


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_selector_says_whose_metrics_it_means(name):
    for selector in re.findall(r"\{([^}]*)\}", EXPRESSIONS[name]):
        assert 'job="comments"' in selector or 'service_name="comments"' in selector


def test_no_metric_of_ours_stands_without_a_selector():
    for name, promql in EXPRESSIONS.items():
        assert not re.findall(rf"(?:{OURS.pattern})\b(?![a-z_]*[{{])", promql), name


@pytest.mark.parametrize("runbook", sorted({rule["annotations"]["runbook_url"].split("/")[-1]
                                            for rule in ALERTS.values() if "annotations" in rule}))
def test_a_runbook_speaks_of_metrics_that_exist(runbook):
    named = set(OURS.findall((RUNBOOKS / runbook).read_text(encoding="utf-8")))
    assert named <= with_series_of_histograms(known())
