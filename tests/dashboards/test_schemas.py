"""Every dashboard, panel and query is of the types that Grafana reads; a planted fault is found."""

import copy

import dashboard_queries
import pytest


def test_a_dashboard_is_of_grafanas_type(grafana, dashboard):
    assert grafana.faults_of_dashboard(dashboard) == []
    assert dashboard["schemaVersion"] == 42


def test_a_panel_its_options_and_its_queries_are_of_their_plugins_types(grafana, panel):
    assert grafana.faults_of_panel(panel) == []


def planted(kind):
    """A copy of the first panel of that kind, to be damaged."""
    for dashboard in dashboard_queries.dashboards():
        for panel in dashboard["panels"]:
            if panel["type"] == kind:
                return copy.deepcopy(panel)
    raise AssertionError(f"no panel of the type {kind}")


@pytest.mark.parametrize("kind, path, value", [
    ("timeseries", "options/legend/showLegnd", True),
    ("timeseries", "options/tooltip/mode", "multiple"),
    ("timeseries", "fieldConfig/defaults/custom/lineWidht", 1),
    ("timeseries", "fieldConfig/defaults/custom/fillOpacity", "8"),
    ("timeseries", "fieldConfig/defaults/unit", "request/s"),
    ("timeseries", "targets/0/expression", "up"),
    ("timeseries", "targets/0/instant", "no"),
    ("stat", "options/colorMode", "green"),
    ("stat", "options/reduceOptions/calcs", "last"),
    ("stat", "fieldConfig/defaults/custom", {"lineWidth": 1}),
    ("bargauge", "options/displayMode", "fancy"),
    ("heatmap", "options/yAxis/unitt", "s"),
    ("table", "options/showHeader", "yes"),
    ("table", "fieldConfig/defaults/custom/widht", 100),
    ("logs", "options/showTimes", True),
])
def test_a_planted_fault_in_a_panel_is_found(grafana, kind, path, value):
    panel = planted(kind)
    *way, last = path.split("/")
    at = panel
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    at[last] = value
    assert grafana.faults_of_panel(panel)


@pytest.mark.parametrize("name, value", [("colour", {}), ("color", {"mode": "red"}), ("unit", "sec"),
                                         ("custom.colour", "red")])
def test_a_planted_fault_in_an_override_is_found(grafana, name, value):
    panel = planted("timeseries")
    panel["fieldConfig"]["overrides"] = [{"matcher": {"id": "byName", "options": "x"},
                                          "properties": [{"id": name, "value": value}]}]
    assert grafana.faults_of_panel(panel)


@pytest.mark.parametrize("damage", [
    lambda dashboard: dashboard.update(schemaVersion="42"),
    lambda dashboard: dashboard.update(refrehs="30s"),
    lambda dashboard: dashboard["panels"][1].update(gridPos={"x": 0, "y": 0, "w": 1}),
    lambda dashboard: dashboard["panels"][1].update(descripton=""),
    lambda dashboard: dashboard["panels"][1]["links"][0].pop("title"),
    lambda dashboard: dashboard["panels"][1]["fieldConfig"]["defaults"].update(decimals="1"),
    lambda dashboard: dashboard["templating"]["list"][0].update(type="data source"),
    lambda dashboard: dashboard["annotations"]["list"][0].pop("iconColor"),
])
def test_a_planted_fault_in_a_dashboard_is_found(grafana, damage):
    dashboard = copy.deepcopy(dashboard_queries.dashboards()[0])
    damage(dashboard)
    assert grafana.faults_of_dashboard(dashboard)
