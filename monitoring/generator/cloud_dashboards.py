"""The dashboards for Cloud Monitoring, made of Grafana's: the same panels and PromQL as tiles of its mosaic,
as data for terraform/modules/observability, which fills in ${service} and ${runbook_base}.

What has no counterpart there is left out: heatmaps, words for numbers, choices at the top, exemplars. Zeros
and empty values are not written: the API leaves them out of its answers, and each plan would show them.
https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
"""

import json

from . import dashboards
from .dashboards.panel import RED, YELLOW
from .slo import SloError

FOLDER = "terraform/modules/observability/dashboards"
BOARDS = {"overview": "1-overview", "cloud-run": "4-cloud-run"}

SCALE = 2  # Grafana has 24 columns, the mosaic 48; and its rows are half as high
COLUMNS = 48
HEADER_HEIGHT = 4
# A fixed window: that of Grafana grows with the time that is shown, and with how often it scrapes.
WINDOW = "5m"
UNITS = {"percentunit": "10^2.%", "s": "s", "ms": "ms", "bytes": "By", "Bps": "By/s", "reqps": "{request}/s",
         "ops": "1/s", "cps": "1/s", "short": "1", "none": "1"}
COLOURS = {YELLOW: "YELLOW", RED: "RED"}  # a scorecard knows no other


class UnknownPart(SloError):
    """A panel that this module cannot say in Cloud Monitoring's words."""


def query(slo, expression):
    """Grafana's choices become what Terraform knows."""
    replaced = (
        ('job=~"$job", instance=~"$instance"', f'job="{slo.job}"'),
        ('project_id=~"$project", service_name=~"$service"', 'service_name="${service}"'),
        (', project_id=~"$project"', ""),
        ("$__rate_interval", WINDOW))
    for grafana, cloud in replaced:
        expression = expression.replace(grafana, cloud)
    if "$" in expression.replace("${service}", ""):
        raise UnknownPart(f"a variable of Grafana is left in: {expression}")
    return expression


def series(slo, panel, target):
    unit = panel["fieldConfig"]["defaults"]["unit"]
    return {"prometheusQuery": query(slo, target["expr"]), "unitOverride": UNITS[unit]}


def levels(panel):
    """(value, colour from there on) in ascending order; the first has no value."""
    return [(step["value"], step["color"]) for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]


def scorecard_thresholds(panel):
    """Where red is the lowest level, less is worse: then a colour lies below the next level's value."""
    steps = levels(panel)
    less_is_worse = steps[0][1] == RED
    for (_, below), (value, colour) in zip(steps, steps[1:], strict=False):
        name = COLOURS.get(below if less_is_worse else colour)
        if name:
            yield {"color": name, "direction": "BELOW" if less_is_worse else "ABOVE",
                   **({"value": value} if value else {})}


def scorecard(slo, panel):
    thresholds = list(scorecard_thresholds(panel))
    graph = panel["options"]["graphMode"] == "area"
    return {"scorecard": {
        "timeSeriesQuery": series(slo, panel, panel["targets"][0]),
        **({"thresholds": thresholds} if thresholds else {}),
        **({"sparkChartView": {"sparkChartType": "SPARK_LINE"}} if graph else {})}}


def plot_type(custom):
    if custom["stacking"]["mode"] == "normal":
        return "STACKED_BAR" if custom["drawStyle"] == "bars" else "STACKED_AREA"
    return "STACKED_BAR" if custom["drawStyle"] == "bars" else "LINE"


def legend(target):
    """A name with a label's value in it is left to Cloud Monitoring, which shows all labels."""
    text = target["legendFormat"]
    return {} if "{{" in text or not text else {"legendTemplate": text}


def chart(slo, panel):
    custom = panel["fieldConfig"]["defaults"]["custom"]
    lines = [{"value": value} for value, _ in levels(panel) if value]
    shown = custom["thresholdsStyle"]["mode"] == "line" and lines
    return {"xyChart": {
        "dataSets": [{"timeSeriesQuery": series(slo, panel, target), "plotType": plot_type(custom),
                      "targetAxis": "Y1", **legend(target)} for target in panel["targets"]],
        **({"thresholds": [{**line, "targetAxis": "Y1"} for line in lines]} if shown else {}),
        "yAxis": {"scale": "LOG10" if custom["scaleDistribution"]["type"] == "log" else "LINEAR"}}}


def table(slo, panel):
    return {"timeSeriesTable": {
        "dataSets": [{"timeSeriesQuery": series(slo, panel, target)} for target in panel["targets"]],
        "metricVisualization": "BAR" if panel["type"] == "bargauge" else "NUMBER"}}


def asks_prometheus_for_its_alerts(panel):
    return any("ALERTS{" in target["expr"] for target in panel.get("targets", []))


def widget(slo, panel):
    """None where Cloud Monitoring has nothing of the kind."""
    if panel["type"] == "row":
        return {"sectionHeader": {"dividerBelow": True}}
    if panel["type"] == "heatmap":
        return None
    if asks_prometheus_for_its_alerts(panel):
        return {"incidentList": {}} if panel["type"] == "table" else None
    if panel["type"] not in MADE:
        raise UnknownPart(f"panel '{panel['title']}': {panel['type']}")
    return MADE[panel["type"]](slo, panel)


MADE = {"stat": scorecard, "timeseries": chart, "bargauge": table, "table": table}


def placed(widgets):
    """(widget, width, height) from left to right, a new line where one does not fit or a section begins."""
    x = y = line = 0
    for made, width, height in widgets:
        if x + width > COLUMNS or "sectionHeader" in made:
            x, y, line = 0, y + line, 0
        yield {**({"xPos": x} if x else {}), **({"yPos": y} if y else {}), "width": width, "height": height,
               "widget": made}
        x, line = x + width, max(line, height)


def introduction(board):
    text = f"{board['description']} Each alert has a [runbook](${{runbook_base}}README.md)."
    return {"title": board["title"], "text": {"content": text, "format": "MARKDOWN"}}


# What Google makes of the log, with the names of log_metrics.tf.
LOG = (("Log lines", "log_lines", "severity"), ("Failures of the store", "store_failures", "kind"),
       ("Crashes", "crashes", "cause"))


def log_section():
    yield {"title": "The log", "sectionHeader": {"dividerBelow": True}}, COLUMNS, HEADER_HEIGHT
    for title, metric, label in LOG:
        promql = (f"sum by ({label}) (increase(logging_googleapis_com:user_comments_{metric}"
                  f'{{monitored_resource="cloud_run_revision", service_name="${{service}}"}}[{WINDOW}]))')
        yield {"title": title, "xyChart": {
            "dataSets": [{"timeSeriesQuery": {"prometheusQuery": promql, "unitOverride": "1"},
                          "plotType": "STACKED_BAR", "targetAxis": "Y1"}],
            "yAxis": {"scale": "LINEAR"}}}, 16, 16
    yield {"title": "Warnings and errors", "logsPanel": {
        "filter": 'resource.type="cloud_run_revision" resource.labels.service_name="${service}" severity>=WARNING',
    }}, COLUMNS, 20


def tiles(slo, board):
    yield introduction(board), COLUMNS, HEADER_HEIGHT + 2
    for panel in board["panels"]:
        made = widget(slo, panel)
        if made is not None:
            place = panel["gridPos"]
            height = HEADER_HEIGHT if panel["type"] == "row" else SCALE * place["h"]
            yield {"title": panel["title"], **made}, SCALE * place["w"], height
    if board["uid"] == "comments-cloud-run":
        yield from log_section()


def made(slo, board):
    return {"displayName": board["title"],
            "mosaicLayout": {"columns": COLUMNS, "tiles": list(placed(tiles(slo, board)))}}


def outputs(slo):
    grafana = dashboards.outputs(slo)
    boards = {name: json.loads(grafana[f"monitoring/grafana/dashboards/{source}.json"])
              for name, source in BOARDS.items()}
    return {f"{FOLDER}/{name}.json": json.dumps(made(slo, board), indent=2, ensure_ascii=False) + "\n"
            for name, board in boards.items()}
