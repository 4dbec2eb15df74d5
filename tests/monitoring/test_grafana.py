"""Grafana's alerting files are of the form that it reads, and say the same as Prometheus' and
Alertmanager's. Whether Grafana itself takes them has not been seen here: there is no Grafana."""

import json
import pathlib
import re
import subprocess

import jsonschema
import pytest

from generated import GRAFANA, MONITORING, SOURCE, grafana_rules, loaded, prometheus_alerts

RULES = grafana_rules()
FILES = ("rules.yml", "contact-points.yml", "policies.yml", "templates.yml")
CONTACTS = {contact["name"]: contact for contact in loaded(GRAFANA / "contact-points.yml")["contactPoints"]}
POLICY = loaded(GRAFANA / "policies.yml")["policies"][0]
TEMPLATES = loaded(GRAFANA / "templates.yml")["templates"]
# Keys that only the file has, or that the file spells in its own way.
ONLY_IN_FILES = {"dashboardUid", "panelId"}


@pytest.fixture(scope="session")
def faults():
    """A function: the complaints about a value of one of Grafana's types."""
    maker = pathlib.Path(__file__).parents[1] / "support/grafana_schemas.mjs"
    schemas = json.loads(subprocess.run(["node", maker], check=True,
                                        stdout=subprocess.PIPE).stdout)
    # A rule's type leaves the model of a query to its data source: it is looked at on its own.
    schemas["alerting.Rule"]["definitions"]["Dataquery"] = {"type": "object"}

    def of(kind, value):
        return [error.message for error in jsonschema.Draft7Validator(schemas[kind]).iter_errors(value)]
    return of


def as_rule_of_the_api(rule):
    return {**{key: value for key, value in rule.items() if key not in ONLY_IN_FILES},
            "orgID": 1, "folderUID": "comments", "ruleGroup": "comments"}


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_of_version_1(file):
    assert loaded(GRAFANA / file)["apiVersion"] == 1


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_of_grafanas_type(name, faults):
    query, threshold = RULES[name]["data"]
    assert faults("alerting.Rule", as_rule_of_the_api(RULES[name])) == []
    assert faults("prometheus.Dataquery", query["model"]) == []
    assert faults("expr.TypeThreshold", threshold["model"]) == []


def test_mistakes_would_be_found(faults):
    rule = RULES["CommentsDown"]
    query, threshold = rule["data"]
    assert faults("alerting.Rule", as_rule_of_the_api({**rule, "noDataState": "Okay"}))
    assert faults("alerting.Rule", as_rule_of_the_api({**rule, "nodatastate": "OK"}))
    assert faults("prometheus.Dataquery", {**query["model"], "exprr": "up"})
    assert faults("expr.TypeThreshold", {**threshold["model"], "type": "treshold"})
    assert faults("alerting.ContactPoint", {"type": "smoke", "settings": {}})
    assert faults("alerting.NotificationPolicy", {"reciever": "page"})


@pytest.mark.parametrize("name", CONTACTS)
def test_a_contact_point_is_of_grafanas_type(name, faults):
    for receiver in CONTACTS[name]["receivers"]:
        assert faults("alerting.ContactPoint", {"name": name, **receiver}) == []


def test_the_policies_and_templates_are_of_grafanas_type(faults):
    def without_organisation(value):
        return {key: part for key, part in value.items() if key != "orgId"}
    assert faults("alerting.NotificationPolicy", without_organisation(POLICY)) == []
    for template in TEMPLATES:
        assert faults("alerting.NotificationTemplate", without_organisation(template)) == []


@pytest.mark.parametrize("name", RULES)
def test_whatever_the_query_answers_fires_and_nothing_is_healthy(name):
    rule = RULES[name]
    query, threshold = rule["data"]
    assert rule["condition"] == threshold["refId"] == threshold["model"]["refId"]
    assert threshold["model"]["expression"] == query["refId"] == query["model"]["refId"]
    assert threshold["model"]["conditions"] == [{"evaluator": {"type": "gt", "params": [-1]}}]
    assert query["model"]["instant"] and not query["model"]["range"]
    assert rule["noDataState"] == "OK"


def test_a_data_source_that_does_not_answer_is_told_of_once():
    loud = [name for name, rule in RULES.items() if rule["execErrState"] in ("Alerting", "Error")]
    assert loud == ["CommentsDown"]
    assert RULES["Watchdog"]["execErrState"] == "OK"  # it falls silent: that is its alarm


def test_every_alert_of_prometheus_is_grafanas_too_and_says_the_same():
    for name, alert in prometheus_alerts().items():
        rule = RULES[name]
        assert rule["labels"] == alert["labels"]
        assert rule["for"] == alert.get("for", "0s")
        assert rule["annotations"].items() >= alert["annotations"].items()


def test_uids_differ_and_are_as_short_as_grafana_wants():
    uids = [rule["uid"] for rule in RULES.values()]
    uids += [receiver["uid"] for contact in CONTACTS.values() for receiver in contact["receivers"]]
    assert len(uids) == len(set(uids))
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", uid) for uid in uids)


def test_the_interval_is_one_that_grafanas_scheduler_has():
    assert SOURCE.interval.seconds % 10 == 0


def test_the_data_source_is_provisioned_once_data_sources_are():
    used = {query["datasourceUid"] for rule in RULES.values() for query in rule["data"]} - {"__expr__"}
    assert used == {"comments-prometheus"}
    for file in (MONITORING / "grafana/provisioning/datasources").glob("*.yml"):
        assert used <= {source["uid"] for source in loaded(file)["datasources"]}


def test_an_alert_leads_to_a_panel_that_exists():
    boards = [json.loads(path.read_text(encoding="utf-8"))
              for path in (MONITORING / "grafana/dashboards").glob("*.json")]
    panels = {(board["uid"], panel["id"]) for board in boards for panel in board["panels"]}
    for rule in RULES.values():
        assert (rule["dashboardUid"], rule["panelId"]) in panels
        assert rule["annotations"]["__dashboardUid__"] == rule["dashboardUid"]
        assert rule["annotations"]["__panelId__"] == str(rule["panelId"])


@pytest.mark.parametrize("severity", ["page", "ticket", "none"])
def test_a_severity_has_a_route_as_in_alertmanager(severity):
    alertmanager = loaded(MONITORING / "alertmanager/alertmanager.yml")["route"]
    times = ("group_by", "group_wait", "group_interval", "repeat_interval")
    assert {key: POLICY[key] for key in times} == {key: alertmanager[key] for key in times}
    for ours, theirs in zip(POLICY["routes"], alertmanager["routes"], strict=True):
        assert [" ".join(matcher) for matcher in ours["object_matchers"]] == theirs["matchers"]
        rest = {key: value for key, value in ours.items() if key != "object_matchers"}
        assert rest == {key: value for key, value in theirs.items() if key != "matchers"}
    receivers = {"page": "page", "ticket": "ticket", "none": "watchdog"}
    assert receivers[severity] in CONTACTS


def test_pages_and_tickets_go_out_by_mail_slack_and_teams():
    for name in ("page", "ticket"):
        assert [receiver["type"] for receiver in CONTACTS[name]["receivers"]] == ["email", "slack", "teams"]


def test_addresses_and_secrets_come_from_the_environment_and_nothing_else_does():
    for contact in CONTACTS.values():
        for receiver in contact["receivers"]:
            for key, value in receiver["settings"].items():
                if key in ("addresses", "url"):
                    assert re.fullmatch(r"\$\{COMMENTS_[A-Z_]+\}", value)
                else:
                    assert "$" not in str(value)
    for file in ("policies.yml", "templates.yml"):
        assert "$" not in (GRAFANA / file).read_text(encoding="utf-8")
    for rule in RULES.values():
        assert "$" not in json.dumps([rule["title"], rule["labels"], rule["annotations"]])


def test_messages_link_to_the_runbook_and_each_template_that_is_named_is_there():
    text = "".join(template["template"] for template in TEMPLATES)
    assert ".Annotations.runbook_url" in text
    contacts = (GRAFANA / "contact-points.yml").read_text(encoding="utf-8")
    named = set(re.findall(r'template "([\w.]+)"', contacts))
    assert named and named <= set(re.findall(r'define "([\w.]+)"', text))
