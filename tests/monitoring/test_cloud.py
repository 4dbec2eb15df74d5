"""What Cloud Monitoring shows: objectives and dashboards, made of the same sources as the rest; and that what
its log-based metrics look for is what the service says."""

import dataclasses
import json
import re

import pytest

from generated import ROOT, RUNBOOKS, SOURCE, run
from generator import cloud_dashboards, cloud_slos, dashboards

MODULE = ROOT / "terraform/modules/observability"
SLOS = json.loads((MODULE / "slos.json").read_text(encoding="utf-8"))["slos"]
BOARDS = {path.stem: json.loads(path.read_text(encoding="utf-8"))
          for path in sorted((MODULE / "dashboards").glob("*.json"))}
TILES = [(name, tile) for name, board in BOARDS.items() for tile in board["mosaicLayout"]["tiles"]]
LOG_METRICS = (MODULE / "log_metrics.tf").read_text(encoding="utf-8")


def queries(value):
    """Each query below a value."""
    if isinstance(value, dict):
        yield from [value] if "prometheusQuery" in value else []
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from queries(item)


QUERIES = [(name, query) for name, board in BOARDS.items() for query in queries(board)]


def test_every_objective_is_an_slo_with_its_goal_and_period():
    assert {name: (slo["goal"], slo["rolling_period_days"]) for name, slo in SLOS.items()} == {
        objective.name: (float(objective.percent / 100), objective.period.seconds / 86400)
        for objective in SOURCE.objectives}


def test_latency_is_cut_at_the_edge_that_the_alerts_use():
    assert SLOS["latency"]["within"] == float(SOURCE.objective("latency").within)


def test_the_same_answers_count_for_an_slo_and_for_its_alerts():
    histogram, status = SOURCE.objective("latency").all, r'"5\.\.\|_OTHER"'
    assert re.search(rf"status_code!~{status}", histogram)
    assert re.search(rf"!=monitoring\.regex\.full_match\({status}\)", SLOS["latency"]["distribution"])
    assert re.search(r"\(rate\((\w+)_count", histogram)[1] in SLOS["latency"]["distribution"]
    good, every = SLOS["availability"]["good"], SLOS["availability"]["all"]
    assert good == f'{every} metric.label."response_code_class"!="5xx"'


def test_a_share_is_of_a_counter_and_a_cut_of_a_histogram():
    for slo in SLOS.values():
        for part in ("good", "all"):
            assert "/histogram" not in slo.get(part, "")
        assert "distribution" not in slo or "/histogram" in slo["distribution"]


def test_a_live_tests_period_is_the_shortest_that_there_is():
    scaled = dataclasses.replace(SOURCE, objectives=SOURCE.scaled(3600).objectives)
    assert [cloud_slos.days(objective) for objective in scaled.objectives] == [1, 1]


def test_the_dashboards_are_those_of_grafana():
    grafana = {json.loads(text)["title"] for text in dashboards.outputs(SOURCE).values()}
    assert {board["displayName"] for board in BOARDS.values()} <= grafana
    assert set(BOARDS) == {"overview", "cloud-run"}


@pytest.mark.parametrize("board", BOARDS)
def test_a_panel_is_a_tile_unless_google_has_nothing_of_the_kind(board):
    source = dashboards.outputs(SOURCE)[f"monitoring/grafana/dashboards/{cloud_dashboards.BOARDS[board]}.json"]
    titles = {tile["widget"]["title"] for name, tile in TILES if name == board}
    missing = {panel["title"] for panel in json.loads(source)["panels"]} - titles
    assert missing == {"overview": {"Alerts firing"}, "cloud-run": {"How long requests took"}}[board]


@pytest.mark.parametrize("board", BOARDS)
def test_no_tile_lies_over_another_or_over_the_edge(board):
    taken = set()
    for tile in BOARDS[board]["mosaicLayout"]["tiles"]:
        x, y = tile.get("xPos", 0), tile.get("yPos", 0)
        cells = {(x + dx, y + dy) for dx in range(tile["width"]) for dy in range(tile["height"])}
        assert not cells & taken and x + tile["width"] <= BOARDS[board]["mosaicLayout"]["columns"] == 48, tile
        taken |= cells


def test_a_dashboard_has_as_many_tiles_as_google_takes():
    for board in BOARDS.values():
        assert 20 < len(board["mosaicLayout"]["tiles"]) <= 100


def test_a_tile_is_of_one_known_kind():
    kinds = {"text", "sectionHeader", "scorecard", "xyChart", "timeSeriesTable", "incidentList", "logsPanel"}
    for _, tile in TILES:
        assert len(set(tile["widget"]) - {"title"}) == 1 and set(tile["widget"]) - {"title"} <= kinds, tile


def empty_values(value):
    if isinstance(value, dict):
        return [name for name, item in value.items()
                if item in (0, "", None, False) or item == [] or empty_values(item)]
    return [item for item in value if empty_values(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("board", BOARDS)
def test_nothing_is_written_that_the_api_leaves_out_of_its_answer(board):
    assert empty_values(BOARDS[board]) == []


def test_a_query_asks_for_this_service_and_has_nothing_of_grafanas_left():
    ours = (f'job="{SOURCE.job}"', 'service_name="${service}"', 'monitored_resource="cloudsql_database"')
    for name, query in QUERIES:
        assert any(scope in query["prometheusQuery"] for scope in ours), (name, query)
        assert "$" not in query["prometheusQuery"].replace("${service}", ""), (name, query)


def test_a_variable_of_grafana_that_is_not_known_is_refused():
    with pytest.raises(cloud_dashboards.UnknownPart, match="a variable of Grafana is left"):
        cloud_dashboards.query(SOURCE, 'up{job=~"$job", instance=~"$other"}')


def test_promtool_can_read_every_query(tmp_path):
    rules = [{"record": "tile", "expr": query["prometheusQuery"].replace("${service}", "comments")}
             for _, query in QUERIES]
    assert len(rules) > 60
    file = tmp_path / "rules.json"  # JSON is YAML
    groups = [{"name": f"tile {number}", "rules": [rule]} for number, rule in enumerate(rules)]
    file.write_text(json.dumps({"groups": groups}), encoding="utf-8")
    status, said = run("promtool", "check", "rules", file)
    assert status == 0, said


def level(*steps):
    return {"fieldConfig": {"defaults": {"thresholds": {
        "steps": [{"color": colour, "value": value} for colour, value in steps]}}}}


@pytest.mark.parametrize("panel, thresholds", [
    (level(("green", None), ("yellow", 1), ("red", 14.4)),
     [{"color": "YELLOW", "direction": "ABOVE", "value": 1}, {"color": "RED", "direction": "ABOVE", "value": 14.4}]),
    (level(("red", None), ("green", 0.999)), [{"color": "RED", "direction": "BELOW", "value": 0.999}]),
    (level(("red", None), ("yellow", 0), ("green", 0.25)),
     [{"color": "RED", "direction": "BELOW"}, {"color": "YELLOW", "direction": "BELOW", "value": 0.25}]),
    (level(("text", None)), []),
], ids=("more is worse", "less is worse", "less is worse, in two steps", "no judgement"))
def test_a_colour_begins_where_grafanas_does(panel, thresholds):
    assert list(cloud_dashboards.scorecard_thresholds(panel)) == thresholds


def test_a_log_metric_that_a_dashboard_shows_is_made_with_that_label():
    for _, metric, label in cloud_dashboards.LOG:
        assert re.search(rf'^    {metric} = \{{\n(?:      .*\n)*?      label +\= "{label}"$', LOG_METRICS, re.MULTILINE), metric


def said_by_the_service():
    """Every text in quotes of the sources."""
    return "\n".join(text for file in [*(ROOT / "core").rglob("*.cpp"), *(ROOT / "cli").rglob("*.cpp")]
                     for text in re.findall(r'"((?:[^"\\]|\\.)*)"', file.read_text(encoding="utf-8")))


def test_what_the_log_metrics_look_for_is_what_the_service_says():
    said = said_by_the_service()
    kinds = re.search(r'"store \(([^)]*)\)', LOG_METRICS.replace("\\", ""))[1].split("|")
    assert len(kinds) == 6
    for kind in kinds:
        assert re.search(rf"^the (comment )?store {kind}", said, re.MULTILINE), kind
    assert re.search(r"^detail$", said, re.MULTILINE)


def test_every_runbook_that_the_module_names_exists_and_names_the_alert():
    text = "".join(file.read_text(encoding="utf-8") for file in MODULE.glob("*.tf"))
    named = dict(re.findall(r'display_name\s+= "(\w+): [^"]*".*?\$\{var\.runbook_base\}(\w+\.md)', text, re.DOTALL))
    assert named == {"PublicAddressDown": "CommentsDown.md", "InstanceCrashed": "Restarts.md"}
    for alert, runbook in named.items():
        assert alert in (RUNBOOKS / runbook).read_text(encoding="utf-8"), runbook
