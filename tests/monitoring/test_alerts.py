"""Every alert fires when it should and stays silent when it should, by promtool's unit tests on the true
windows; in the form that Prometheus reads, and in the raw PromQL of Grafana and Cloud Monitoring."""

import pathlib
import re

import pytest
import yaml

from generated import ALERTS, PROMETHEUS, SOURCE, TARGETS, as_prometheus_rules, loaded, run

RULES = pathlib.Path(__file__).parent / "rules"
FILES = sorted(path.name for path in RULES.glob("*.yml"))
ONLY_IN_THE_CLOUD = ("cloud_run.yml", "cloud_run_billing.yml")


def cases(file):
    """(test's name, alert, whether it must fire) of each expectation in a file."""
    for test in loaded(RULES / file)["tests"]:
        for check in test["promql_expr_test"]:
            yield test["name"], re.search(r'alertname="(\w+)"', check["expr"])[1], bool(check["exp_samples"])


CASES = [case for file in FILES for case in cases(file)]


def test_it_is_the_firing_of_one_alert_that_a_case_looks_at():
    for file in FILES:
        for test in loaded(RULES / file)["tests"]:
            for check in test["promql_expr_test"]:
                assert re.fullmatch(r'ALERTS\{alertname="\w+",alertstate="firing"\}', check["expr"])


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_an_alert_has_a_case_that_fires_and_one_that_stays_silent(alert):
    outcomes = {fires for _, name, fires in CASES if name == alert}
    always = ALERTS[alert]["labels"]["severity"] == "none"  # the watchdog is never silent
    assert outcomes == ({True} if always else {True, False})


def test_no_case_is_about_an_alert_that_does_not_exist():
    assert {name for _, name, _ in CASES} == set(ALERTS)


@pytest.mark.parametrize("objective", [objective.name for objective in SOURCE.objectives])
@pytest.mark.parametrize("burn", [burn.name for burn in SOURCE.burns])
def test_a_burn_alert_has_a_case_with_few_requests_and_one_where_all_is_well_again(objective, burn):
    name = f"{objective.capitalize()}Burn{burn}"
    silent = [test for test, alert, fires in CASES if alert == name and not fires]
    assert any(test.startswith("few requests") for test in silent)
    assert any("any more" in test for test in silent)


def raw(target, folder):
    """The rules of another target in a file that promtool reads."""
    rules = folder / "rules.yml"
    group = {"name": "comments", "rules": list(as_prometheus_rules(target).values())}
    rules.write_text(yaml.safe_dump({"groups": [group]}), encoding="utf-8")
    return [str(rules)]


def known_to(target, tests):
    """Without the expectations about alerts that the target leaves out."""
    known = as_prometheus_rules(target)
    return [{**test, "promql_expr_test": [
        check for check in test["promql_expr_test"]
        if re.search(r'alertname="(\w+)"', check["expr"])[1] in known]} for test in tests]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("file", FILES)
def test_alerts_fire_and_stay_silent(target, file, tmp_path):
    if target == "prometheus":
        if file in ONLY_IN_THE_CLOUD:
            assert not {name for _, name, _ in cases(file)} & set(as_prometheus_rules(target))
            return
        path = RULES / file
    else:
        document = loaded(RULES / file)
        path = tmp_path / file
        path.write_text(yaml.safe_dump({
            "rule_files": raw(target, tmp_path),
            "evaluation_interval": document["evaluation_interval"],
            "tests": known_to(target, document["tests"])}), encoding="utf-8")
    status, said = run("promtool", "test", "rules", path)
    assert status == 0, said


def test_recorded_names_say_level_metric_and_operation():
    groups = loaded(PROMETHEUS / "recording.yml")["groups"]
    names = [rule["record"] for group in groups for rule in group["rules"]]
    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(r"job:slo_[a-z_]+:(ratio_)?rate\d+[mhd]", name)


def test_each_recorded_series_is_read_by_an_alert():
    groups = loaded(PROMETHEUS / "recording.yml")["groups"]
    read = " ".join(rule["expr"] for rule in as_prometheus_rules("prometheus").values())
    for group in groups:
        for rule in group["rules"]:
            assert re.search(rf"{re.escape(rule['record'])}\b", read), rule["record"]
