"""Where on the dashboards an alert's figure is drawn: Grafana wants a panel's number, people its title."""

import json

from . import dashboards
from .slo import SloError


def numbers(slo):
    """(dashboard's uid, panel's title) → its number."""
    boards = [json.loads(text) for text in dashboards.outputs(slo).values()]
    return {(board["uid"], panel["title"]): panel["id"] for board in boards for panel in board["panels"]}


def number(known, alert):
    if (alert.dashboard, alert.panel) not in known:
        raise SloError(f"alert {alert.name}: dashboard {alert.dashboard} has no panel '{alert.panel}'")
    return known[alert.dashboard, alert.panel]
