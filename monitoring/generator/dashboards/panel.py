"""A panel of a Grafana dashboard as a value: what it shows and how. Where it stands, board.py decides.

Each builder returns a Panel whose `model` is the panel's Classic JSON without id, place, data source
and links.
"""

import dataclasses
import string

from . import promql

# What has a page under docs/runbooks.
RUNBOOKS = frozenset((
    "AvailabilityBurn", "BillingSurge", "CommentsDown", "CommentsNotReady", "CommitSlow", "ErrorLogs",
    "FileDescriptorsHigh", "InstancesNearMax", "LatencyBurn", "LogLinesDropped", "MemoryHigh", "Overload",
    "ProbeFailures", "QueueSaturated", "RejectedSpike", "Restarts", "StoreErrors", "Watchdog",
    "WritesUnavailable"))

GREEN, BLUE, YELLOW, RED, GREY = "green", "blue", "yellow", "red", "text"

# Colours that mean the same on every panel, by a pattern of the series' names.
STATUS_COLOURS = {r"^2": GREEN, r"^3": BLUE, r"^4": YELLOW, r"^5|_OTHER": RED}
SEVERITY_COLOURS = {r"^debug": GREY, r"^info": BLUE, r"^warning": YELLOW, r"^error": RED}
LIMIT = {r"^(limit|capacity)": RED}

BAD_AT_ONE = ((GREEN, None), (RED, 1))
GOOD_AT_ONE = ((RED, None), (GREEN, 1))
FULLNESS = ((GREEN, None), (YELLOW, 0.7), (RED, 0.9))


@dataclasses.dataclass(frozen=True)
class Query:
    """A PromQL expression in a scope (see promql.scoped), and what its series are called."""
    expr: str
    legend: str
    scope: str = promql.OURS
    exemplars: bool = False
    interval: str = ""  # how often its metrics are sampled, where that is not the data source's way


@dataclasses.dataclass(frozen=True)
class Panel:
    title: str
    runbook: str  # a name of RUNBOOKS; "" only for a row
    width: int
    height: int
    model: dict


def panel(kind, title, runbook, description, width, height, **model):
    if runbook not in RUNBOOKS:
        raise ValueError(f"the panel '{title}' names the runbook '{runbook}', which there is not")
    return Panel(title, runbook, width, height,
                 {"type": kind, "title": title, "description": description, **model})


def row(title):
    return Panel(title, "", 24, 1, {"type": "row", "title": title, "collapsed": False, "panels": []})


def timeseries(title, unit, runbook, description, queries, *, width=8, height=8, thresholds=None,
               colours=None, stacked=False, bars=False, log=False, top=None, floor=0):
    """`colours`: pattern of a series' name → colour. `top`: the axis' end. `log`: a logarithmic axis."""
    custom = {
        "drawStyle": "bars" if bars else "line",
        "lineWidth": 1,
        "fillOpacity": 70 if bars else 30 if stacked else 8,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "scaleDistribution": {"type": "log", "log": 10} if log else {"type": "linear"},
        "thresholdsStyle": {"mode": "line" if thresholds else "off"},
    }
    return panel(
        "timeseries", title, runbook, description, width, height,
        targets=targets(queries),
        options={
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        fieldConfig=fields(unit, thresholds, custom, colours, palette="palette-classic-by-name",
                           min=None if log else floor, max=top))


def stat(title, unit, runbook, description, query, *, width=4, height=4, thresholds=((GREY, None),),
         decimals=None, words=None, none="no data", graph=False):
    """One number, coloured by its thresholds. `words`: number → (text, colour) in its place."""
    return panel(
        "stat", title, runbook, description, width, height,
        targets=targets([query], instant=not graph),
        options={
            "reduceOptions": last_value(), "orientation": "auto", "textMode": "auto",
            "wideLayout": True, "colorMode": "value", "graphMode": "area" if graph else "none",
            "justifyMode": "auto", "showPercentChange": False, "percentChangeColorMode": "standard",
        },
        fieldConfig=fields(unit, thresholds, mappings=mappings(words), decimals=decimals, noValue=none))


def bar_gauge(title, unit, runbook, description, queries, *, width=8, height=8, thresholds=FULLNESS, top=1):
    return panel(
        "bargauge", title, runbook, description, width, height,
        targets=targets(queries, instant=True),
        options={
            "reduceOptions": last_value(), "orientation": "horizontal", "displayMode": "basic",
            "valueMode": "color", "namePlacement": "left", "showUnfilled": True, "sizing": "auto",
            "minVizWidth": 8, "minVizHeight": 16, "maxVizHeight": 300,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
        },
        fieldConfig=fields(unit, thresholds, min=0, max=top))


def heatmap(title, unit, runbook, description, query, *, width=12, height=8):
    """The buckets of a histogram over time; dots are exemplars, which lead to a trace."""
    return panel(
        "heatmap", title, runbook, description, width, height,
        targets=targets([query], format="heatmap"),
        options={
            "calculate": False,
            "color": {"mode": "scheme", "scheme": "Oranges", "fill": "dark-orange", "scale": "exponential",
                      "exponent": 0.5, "steps": 64, "reverse": False},
            "showValue": "never",
            "cellGap": 1,
            "filterValues": {"le": 1e-9},
            "rowsFrame": {"layout": "auto"},
            "yAxis": {"unit": unit, "axisPlacement": "left", "reverse": False},
            "legend": {"show": True},
            "tooltip": {"mode": "single", "yHistogram": True, "showColorScale": False},
            "exemplars": {"color": "rgba(255,0,255,0.7)"},
        },
        fieldConfig=fields(unit, custom={"scaleDistribution": {"type": "linear"}}))


def table(title, runbook, description, queries, *, columns, units=None, width=12, height=8, unit="short"):
    """The latest values as rows. `columns`: a label, or `Value`, or `Value #A` where there are several
    queries → the column's name, in order. `units`: a column's name → its unit."""
    hidden = [name for name in ("Time", "Value") if name not in columns]
    overrides = [override({"id": "byName", "options": name}, [{"id": "unit", "value": own}])
                 for name, own in (units or {}).items()]
    config = fields(unit, custom={"align": "auto", "inspect": False, "filterable": False})
    config["overrides"] = overrides
    return panel(
        "table", title, runbook, description, width, height,
        targets=targets(queries, instant=True, format="table"),
        transformations=[
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {
                "excludeByName": {name: True for name in hidden},
                "indexByName": {name: at for at, name in enumerate(columns)},
                "renameByName": dict(columns)}},
        ],
        options={"frameIndex": 0, "showHeader": True, "cellHeight": "sm"},
        fieldConfig=config)


def logs(title, runbook, description, text, *, width=24, height=10):
    """Lines of Google Cloud Logging; `text` is its query language."""
    return panel(
        "logs", title, runbook, description, width, height,
        targets=[{"refId": "A", "queryText": text, "projectId": "$project", "bucketId": "", "viewId": ""}],
        options={
            "showTime": True, "showLabels": False, "showCommonLabels": False, "wrapLogMessage": True,
            "prettifyLogMessage": False, "enableLogDetails": True, "showLogContextToggle": False,
            "dedupStrategy": "none", "sortOrder": "Descending",
        },
        fieldConfig={"defaults": {}, "overrides": []})


def targets(queries, *, instant=False, format="time_series"):
    return [{
        "refId": letter,
        "editorMode": "code",
        "expr": promql.scoped(query.expr, query.scope),
        "legendFormat": query.legend,
        "format": format,
        "instant": instant,
        "range": not instant,
        "exemplar": query.exemplars,
        **({"interval": query.interval} if query.interval else {}),
    } for letter, query in zip(string.ascii_uppercase, queries, strict=False)]


def last_value():
    return {"calcs": ["lastNotNull"], "fields": "", "values": False}


def fields(unit, thresholds=None, custom=None, colours=None, palette="thresholds", **defaults):
    steps = [{"color": colour, "value": value} for colour, value in thresholds or ((GREEN, None),)]
    return {
        "defaults": {
            "unit": unit,
            "color": {"mode": palette},
            "thresholds": {"mode": "absolute", "steps": steps},
            **{key: value for key, value in defaults.items() if value is not None},
            **({"custom": custom} if custom else {}),
        },
        "overrides": [
            override({"id": "byRegexp", "options": f"/{pattern}/"},
                     [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}])
            for pattern, colour in (colours or {}).items()],
    }


def override(matcher, properties):
    return {"matcher": matcher, "properties": properties}


def mappings(words):
    if not words:
        return None
    return [{"type": "value", "options": {
        str(number): {"text": text, "color": colour, "index": at}
        for at, (number, (text, colour)) in enumerate(words.items())}}]
