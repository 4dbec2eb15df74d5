"""Where on the dashboards an alert's figure is drawn: Grafana wants a panel's number, people its title."""

import importlib.util
import json

from .slo import SloError


def numbers(slo):
    """(dashboard's uid, panel's title) → its number; nothing where there are no dashboards."""
    if not importlib.util.find_spec(f"{__package__}.dashboards"):
        return {}
    from . import dashboards
    boards = [json.loads(text) for text in dashboards.outputs(slo).values()]
    return {(board["uid"], panel["title"]): panel["id"] for board in boards for panel in board["panels"]}


def number(known, alert):
    """The panel's; None where no dashboard is known at all."""
    if known and (alert.dashboard, alert.panel) not in known:
        raise SloError(f"alert {alert.name}: dashboard {alert.dashboard} has no panel '{alert.panel}'")
    return known.get((alert.dashboard, alert.panel))
