"""What the dashboards ask, as a reader's Grafana would send it: every panel's target, every variable's
query, every annotation, with Grafana's variables replaced.

    for query in dashboard_queries.prometheus(values={"job": "comments", "instance": ["a:1", "b:2"]}):
        …query.dashboard, query.panel, query.expr…
"""

import dataclasses
import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "monitoring/grafana/dashboards"

# What Grafana knows without being told: a panel of 15 s a point over one hour.
BUILT_IN = {"__rate_interval": "1m", "__interval": "15s", "__range": "1h", "__interval_ms": "15000",
            "__range_s": "3600", "__range_ms": "3600000"}
EVERY = ".*"
VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]")
LABEL_VALUES = re.compile(r"label_values\((?:(.+),\s*)?(\w+)\)\Z")


@dataclasses.dataclass(frozen=True)
class Query:
    dashboard: str  # its uid
    panel: str      # its title; "variable NAME" or "annotation NAME" for what is in none
    expr: str
    instant: bool
    label: str = ""  # of a variable: its values are this label's, in the series that expr selects


def dashboards(folder=FOLDER):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def panels(dashboard):
    """All of them, those inside a collapsed row too."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def variables_in(text):
    return {next(filter(None, found.groups())) for found in VARIABLE.finditer(text)}


def resolved(text, values):
    """`values`: a variable's name → its value, or a list where several are chosen. What is not named is
    Grafana's own (BUILT_IN), or everything. Several values become a pattern, as in Grafana."""
    def value(found):
        name = next(filter(None, found.groups()))
        chosen = values.get(name, BUILT_IN.get(name, EVERY))
        if isinstance(chosen, str):
            return chosen
        return "(" + "|".join(re.escape(one).replace("\\", "\\\\") for one in chosen) + ")"
    return VARIABLE.sub(value, text)


def prometheus(values=None, folder=FOLDER):
    """Every query to a Prometheus, of all dashboards."""
    values = values or {}
    for dashboard in dashboards(folder):
        uid = dashboard["uid"]
        for panel in panels(dashboard):
            for target in panel.get("targets", []):
                if target["datasource"]["type"] == "prometheus":
                    yield Query(uid, panel["title"], resolved(target["expr"], values), target["instant"])
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                series, label = LABEL_VALUES.match(variable["query"]["query"]).groups()
                yield Query(uid, f"variable {variable['name']}", resolved(series, values), True, label)
        for annotation in dashboard["annotations"]["list"]:
            expr = resolved(annotation["target"]["expr"], values)
            yield Query(uid, f"annotation {annotation['name']}", expr, False)
