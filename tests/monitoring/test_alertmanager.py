"""Alertmanager takes its configuration, tells the right people, and keeps still about what follows."""

import json
import re
import urllib.request

import pytest

from generated import ALERTS, MONITORING, loaded, run

import monitoring_servers  # from the folder that `generated` names
from monitoring_servers import wait_until

FOLDER = MONITORING / "alertmanager"
FILE = FOLDER / "alertmanager.yml"
CONFIG = loaded(FILE)


def receiver_of(**labels):
    status, said = run("amtool", "config", "routes", "test", f"--config.file={FILE}",
                       *[f"{name}={value}" for name, value in labels.items()])
    assert status == 0, said
    return said.splitlines()[0]


def test_amtool_takes_the_configuration_and_its_templates():
    status, said = run("amtool", "check-config", FILE)
    assert status == 0, said
    assert "1 templates" in said


def test_amtool_would_find_a_mistake(tmp_path):
    file = tmp_path / "alertmanager.yml"
    text = FILE.read_text(encoding="utf-8")
    file.write_text(text.replace("receiver: page", "receiver: pager"), encoding="utf-8")
    assert run("amtool", "check-config", file)[0] == 1


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_alert_reaches_whom_its_severity_means(name):
    severity = ALERTS[name]["labels"]["severity"]
    expected = {"page": "page", "ticket": "ticket", "none": "watchdog"}[severity]
    assert receiver_of(alertname=name, job="comments", severity=severity) == expected


def test_an_alert_of_unknown_severity_reaches_somebody():
    assert receiver_of(alertname="Else", severity="loud") == "ticket"


def test_the_watchdog_is_told_of_daily():
    route = next(route for route in CONFIG["route"]["routes"] if route["receiver"] == "watchdog")
    assert route["repeat_interval"] == "24h"


def test_no_secret_stands_in_the_configuration():
    text = FILE.read_text(encoding="utf-8")
    assert not re.search(r"(?m)^\s*(?!#)\S*(password|api_url|webhook_url|token|credentials):", text)
    assert set(re.findall(r"(?m)^  (\w+_file):", text)) == {"smtp_auth_password_file", "slack_api_url_file"}


def test_inhibition_speaks_of_alerts_that_exist():
    named = set()
    for rule in CONFIG["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            if found := re.fullmatch(r'alertname (?:=|=~|!~) "?([\w|]+)"?', matcher):
                named |= set(found[1].split("|"))
    assert named and named <= set(ALERTS)


@pytest.mark.parametrize("template", ["title", "text", "chat", "email.html"])
def test_a_message_says_what_where_and_what_to_do(template, tmp_path):
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"status": "firing", "alerts": [{
        "status": "firing", "startsAt": "2024-02-03T04:05:06Z", "endsAt": "0001-01-01T00:00:00Z",
        "labels": {"alertname": "InstanceDown", "severity": "ticket", "job": "comments", "instance": "a:9464"},
        "annotations": {**ALERTS["InstanceDown"]["annotations"], "runbook_url": "https://example.com/r.md"}}]}),
        encoding="utf-8")
    status, said = run("amtool", "template", "render", f"--template.glob={FOLDER}/templates/*.tmpl",
                       f'--template.text={{{{ template "comments.{template}" . }}}}', f"--template.data={data}")
    assert status == 0, said
    assert "An instance does not answer" in said
    if template != "title":
        assert "instance=a:9464" in said and "https://example.com/r.md" in said and "job=" not in said


def mute(configuration):
    """The same, which can send nothing: its mail server is a closed port."""
    return {**configuration, "global": {**configuration["global"], "smtp_smarthost": "127.0.0.1:1"},
            "templates": [str(FOLDER / "templates/*.tmpl")]}


def assert_kept_still(folder, names, expected):
    """Of alerts that fire together, exactly those are not told of. The inhibitor hears of an alert a little
    later than the store that answers."""
    with monitoring_servers.alertmanager(folder, mute(CONFIG)) as server:
        url = f"{server.url}/api/v2/alerts"
        alerts = [{"labels": {"alertname": name, "job": "comments", **ALERTS[name]["labels"]}}
                  for name in names]
        request = urllib.request.Request(url, json.dumps(alerts).encode(), {"Content-Type": "application/json"})

        def posted():
            with urllib.request.urlopen(request) as answer:
                return answer.status == 200

        def as_expected():
            with urllib.request.urlopen(url) as answer:
                found = json.load(answer)
            states = {alert["labels"]["alertname"]: alert["status"]["state"] for alert in found}
            return states == {name: "suppressed" if name in expected else "active" for name in names}

        wait_until(posted, "Alertmanager to take the alerts")
        wait_until(as_expected, f"{sorted(expected)}, and no others, to be suppressed")


def test_while_nothing_answers_nobody_hears_of_what_follows_from_it(tmp_path):
    assert_kept_still(tmp_path,
                      ["CommentsDown", "InstanceDown", "AvailabilityBurn1h", "StoreErrors", "Watchdog"],
                      {"InstanceDown", "AvailabilityBurn1h", "StoreErrors"})


def test_a_fast_burn_keeps_the_slow_one_of_the_same_slo_still(tmp_path):
    assert_kept_still(tmp_path,
                      ["AvailabilityBurn1h", "AvailabilityBurn6h", "AvailabilityBurn3d", "LatencyBurn3d",
                       "CommitSlow"],
                      {"AvailabilityBurn3d"})


def test_while_the_store_is_out_of_reach_its_errors_are_no_news(tmp_path):
    assert_kept_still(tmp_path, ["WritesUnavailable", "StoreErrors", "Overload", "MemoryHigh"],
                      {"StoreErrors", "Overload"})
