"""A dashboard: its panels laid out on Grafana's 24 columns, in Classic JSON (schema version 42)."""

import dataclasses
import json

from . import promql, variables

COLUMNS = 24


@dataclasses.dataclass(frozen=True)
class Board:
    uid: str  # for ever: links and bookmarks name it
    title: str
    description: str
    variables: tuple
    panels: list  # from left to right, a new line where one does not fit or a row begins
    since: str = "now-3h"
    deployments: bool = True  # marks on the time axis; they need the variables job and instance


def text(board, slo):
    """The file's bytes: the same for the same board, so that a diff shows what was changed."""
    return json.dumps(model(board, slo), indent=2, ensure_ascii=False) + "\n"


def model(board, slo):
    return {
        "uid": board.uid,
        "title": board.title,
        "description": board.description,
        "tags": ["comments"],
        "schemaVersion": 42,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": {"from": board.since, "to": "now"},
        "refresh": "30s",
        "links": [link("Other dashboards", type="dashboards", tags=["comments"], includeVars=True)],
        "templating": {"list": list(board.variables)},
        "annotations": {"list": [deployments()] if board.deployments else []},
        "panels": placed(board.panels, slo),
    }


def placed(panels, slo):
    result, x, y, line = [], 0, 0, 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > COLUMNS or panel.model["type"] == "row":
            x, y, line = 0, y + line, 0
        place = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        x, line = x + panel.width, max(line, panel.height)
        result.append({"id": number, **panel.model, "gridPos": place, **surroundings(panel, slo)})
    return result


def surroundings(panel, slo):
    if not panel.runbook:
        return {}
    source = variables.LOGS_SOURCE if panel.model["type"] == "logs" else variables.SOURCE
    return {
        "datasource": source,
        "targets": [{"datasource": source, **target} for target in panel.model["targets"]],
        "links": [link(f"Runbook: {panel.runbook}", url=f"{slo.runbook_base}{panel.runbook}.md",
                       targetBlank=True)],
    }


def link(title, **how):
    return {"title": title, "type": "link", "icon": "external link", "tooltip": title, "tags": [],
            "asDropdown": False, "targetBlank": False, "includeVars": False, "keepTime": True, **how}


def deployments():
    """A mark where the oldest process of a revision was started. Its place on the time axis is the
    value itself: no mark is missed between two scrapes."""
    start = ("min by (revision_name, version) (process_start_time_seconds{} * on (instance, job)"
             " group_left (revision_name, version) comments_build_info{}) * 1000")
    return {
        "name": "Deployments",
        "datasource": variables.SOURCE,
        "enable": True,
        "hide": False,
        "iconColor": "purple",
        "target": {"refId": "Anno", "expr": promql.scoped(start, promql.OURS), "interval": "",
                   "legendFormat": "{{revision_name}}"},
        "useValueForTime": True,
        "titleFormat": "{{revision_name}} started",
        "textFormat": "version {{version}}",
        "tagKeys": "revision_name,version",
    }
