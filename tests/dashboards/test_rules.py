"""What we ask of our own dashboards, beyond what Grafana asks."""

import itertools
import json
import re
import subprocess

import dashboard_queries
import google_exposer
import promql_names
import pytest
import yaml
from conftest import ROOT

GRAFANAS_OWN = {*dashboard_queries.BUILT_IN, "__all"}
PROMETHEUS_OWN = {"up", "ALERTS"}
SUFFIXES = ("_bucket", "_sum", "_count")
UIDS = ["comments-overview", "comments-api", "comments-store", "comments-cloud-run", "comments-deployments"]


def texts(dashboard):
    """Every text in it that Grafana puts variables into."""
    return re.findall(r'"(?:\\.|[^"\\])*"', json.dumps(dashboard))


def names(dashboard):
    return [variable["name"] for variable in dashboard["templating"]["list"]]


def expressions():
    return [(f"{query.dashboard}: {query.panel}", query.expr) for query in dashboard_queries.prometheus()]


def test_the_five_dashboards_keep_their_addresses():
    assert [dashboard["uid"] for dashboard in dashboard_queries.dashboards()] == UIDS


def test_the_files_are_what_the_generator_writes():
    checked = subprocess.run([ROOT / "scripts/generate-monitoring", "--check"], check=False,
                             stderr=subprocess.PIPE, text=True)
    assert checked.returncode == 0, checked.stderr


def test_a_panel_says_what_it_shows_in_which_unit_and_what_to_do_about_it(panel):
    assert panel["title"] and len(panel["description"]) > 20
    assert panel["type"] == "logs" or panel["fieldConfig"]["defaults"]["unit"]
    runbooks = [link for link in panel["links"] if link["title"].startswith("Runbook: ")]
    assert [link["url"].split("/")[-1] for link in runbooks] == [
        f"{link['title'].removeprefix('Runbook: ')}.md" for link in runbooks] != []


def test_a_panel_is_found_by_its_title(dashboard):
    """Alerts lead to it by that."""
    titles = [panel["title"] for panel in dashboard_queries.panels(dashboard)]
    assert len(set(titles)) == len(titles)


def test_every_runbook_that_a_panel_names_exists():
    named = {link["url"].split("/")[-1] for dashboard in dashboard_queries.dashboards()
             for panel in dashboard_queries.panels(dashboard) for link in panel.get("links", [])}
    assert len(named) > 10
    assert {name for name in named if not (ROOT / "docs/runbooks" / name).exists()} == set()


def test_a_query_names_its_series_and_its_data_source_by_a_variable(panel):
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"]
        assert target["datasource"]["type"] != "prometheus" or target["legendFormat"]
    letters = [target["refId"] for target in panel["targets"]]
    assert letters and len(set(letters)) == len(letters)


def test_no_data_source_is_fixed(dashboard):
    assert set(re.findall(r'"uid": "([^"]*)"', json.dumps(dashboard))) <= {
        dashboard["uid"], "${datasource}", "${logs}"}


def test_every_variable_that_is_used_is_declared_and_every_declared_one_is_used(dashboard):
    used = set().union(*(dashboard_queries.variables_in(text) for text in texts(dashboard))) - GRAFANAS_OWN
    assert used == set(names(dashboard))
    assert len(set(names(dashboard))) == len(names(dashboard))


def test_a_variable_stands_behind_those_that_its_own_query_needs(dashboard):
    for number, variable in enumerate(dashboard["templating"]["list"]):
        needed = dashboard_queries.variables_in(json.dumps(variable)) - GRAFANAS_OWN
        assert needed <= set(names(dashboard)[:number]), variable["name"]


def test_ids_are_unique_and_no_panel_lies_over_another_or_over_the_edge(dashboard):
    panels = list(dashboard_queries.panels(dashboard))
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = {}
    for panel in panels:
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= 24, panel["title"]
        for cell in itertools.product(range(place["x"], place["x"] + place["w"]),
                                      range(place["y"], place["y"] + place["h"])):
            assert taken.setdefault(cell, panel["title"]) == panel["title"]


def test_every_line_of_panels_reaches_the_right_edge(dashboard):
    ends = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        ends[place["y"]] = max(ends.get(place["y"], 0), place["x"] + place["w"])
    assert set(ends.values()) == {24}, ends


def test_a_dashboard_refreshes_itself_links_to_the_others_and_cannot_be_changed_by_hand(dashboard):
    assert dashboard["refresh"] == "30s" and dashboard["editable"] is False
    assert [link["tags"] for link in dashboard["links"]] == [dashboard["tags"]] == [["comments"]]


def test_deployments_are_marked_wherever_our_own_metrics_are_shown(dashboard):
    assert bool(dashboard["annotations"]["list"]) == ("instance" in names(dashboard))


def test_a_status_has_the_same_colour_everywhere():
    colours = {}
    for dashboard in dashboard_queries.dashboards():
        for panel in dashboard_queries.panels(dashboard):
            legends = " ".join(target.get("legendFormat", "") for target in panel.get("targets", []))
            if re.search(r"\{\{(http_response_status_code|response_code_class)\}\}", legends):
                colours[panel["title"]] = {
                    override["matcher"]["options"]: override["properties"][0]["value"]["fixedColor"]
                    for override in panel["fieldConfig"]["overrides"]}
    assert len(colours) >= 3
    for own in colours.values():
        assert own == {"/^2/": "green", "/^3/": "blue", "/^4/": "yellow", "/^5|_OTHER/": "red"}


def test_promtool_can_read_every_expression(tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": [
        {"record": f"q{number}", "expr": expr} for number, (_, expr) in enumerate(expressions())]}]}))
    checked = subprocess.run(["promtool", "check", "rules", "--lint=none", rules], check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert checked.returncode == 0, checked.stdout
    assert f"{len(expressions())} rules found" in checked.stdout


def documented_metrics():
    """The first column of the table in docs/metrics.md."""
    text = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    return {name for line in text.splitlines() if line.startswith("|")
            for name in re.findall(r"`([a-z_]+)[`{]", line.split("|")[1])}


def is_known(metric, known):
    return metric in known or any(
        metric.endswith(suffix) and metric.removesuffix(suffix) in known for suffix in SUFFIXES)


def test_every_metric_of_ours_that_is_asked_for_is_documented():
    known = documented_metrics() | PROMETHEUS_OWN
    unknown = {(where, metric) for where, expr in expressions() for metric in promql_names.metrics(expr)
               if "googleapis_com:" not in metric and not is_known(metric, known)}
    assert unknown == set()


def test_every_metric_and_label_of_googles_that_is_asked_for_is_in_googles_list():
    known = google_exposer.label_names(google_exposer.load())
    asked = [expr for _, expr in expressions() if "googleapis_com:" in expr]
    assert len(asked) > 30
    for expr in asked:
        assert promql_names.metrics(expr) <= set(known), expr
        for metric, label in promql_names.matched_labels(expr):
            assert label in known[metric], expr
        for metric in promql_names.metrics(expr):
            assert promql_names.grouped_labels(expr) <= known[metric], expr


def test_what_several_resources_of_google_have_is_asked_of_one():
    for _, expr in expressions():
        for selector in re.findall(r"googleapis_com:\w+(\{[^}]*\})?", expr):
            assert 'monitored_resource="' in selector, expr


@pytest.mark.parametrize("expr, metrics, matched, grouped", [
    ('sum by (a, b) (rate(x_total{c="by (z)", d!~"e"}[5m])) / on () group_left (f) y > 1e3',
     {"x_total", "y"}, {("x_total", "c"), ("x_total", "d")}, {"a", "b", "f"}),
    ("time() - min(start_seconds) or vector(0)", {"start_seconds"}, set(), set()),
    ("run_googleapis_com:request_count{}", {"run_googleapis_com:request_count"}, set(), set()),
])
def test_names_are_found_in_an_expression(expr, metrics, matched, grouped):
    assert promql_names.metrics(expr) == metrics
    assert promql_names.matched_labels(expr) == matched
    assert promql_names.grouped_labels(expr) == grouped


def test_several_chosen_values_become_a_pattern_and_what_is_not_chosen_is_everything():
    chosen = {"job": "comments", "instance": ["a:1", "b.c:2"]}
    assert (dashboard_queries.resolved('up{job="$job", instance=~"${instance}"}[$__rate_interval]', chosen)
            == 'up{job="comments", instance=~"(a:1|b\\\\.c:2)"}[1m]')
    assert dashboard_queries.resolved('up{job=~"$job"}', {}) == 'up{job=~".*"}'
