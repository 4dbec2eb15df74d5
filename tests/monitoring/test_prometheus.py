"""Prometheus' own checker takes the files, and they fit together and beside compose."""

import yaml

from generated import MONITORING, PROMETHEUS, SOURCE, loaded, run

CONFIG = loaded(PROMETHEUS / "prometheus.yml")


def test_promtool_takes_the_configuration_and_its_rules():
    status, said = run("promtool", "check", "config", "--lint=all", "--lint-fatal",
                       PROMETHEUS / "prometheus.yml")
    assert status == 0, said
    assert "2 rule files found" in said


def test_promtool_would_find_a_mistake(tmp_path):
    text = (PROMETHEUS / "alerts.yml").read_text(encoding="utf-8")
    (tmp_path / "alerts.yml").write_text(text.replace("sum by (job)", "summ by (job)"), encoding="utf-8")
    status, said = run("promtool", "check", "rules", tmp_path / "alerts.yml")
    assert status == 1 and "parse error" in said


def test_a_rule_begins_with_its_kind():
    for file in ("recording.yml", "alerts.yml"):
        for group in loaded(PROMETHEUS / file)["groups"]:
            for rule in group["rules"]:
                assert next(iter(rule)) in ("alert", "record")


def test_prometheus_scrapes_the_job_that_the_rules_ask_for():
    assert SOURCE.job in [job["job_name"] for job in CONFIG["scrape_configs"]]


def test_prometheus_tells_the_alertmanager():
    targets = CONFIG["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    assert targets == ["alertmanager:9093"]


def test_the_files_of_monitoring_are_yaml():
    for path in MONITORING.rglob("*.yml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
