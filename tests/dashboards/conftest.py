import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))

import dashboard_queries  # noqa: E402  from the folder named above
import grafana_schemas  # noqa: E402  beside this file


@pytest.fixture(scope="session")
def grafana():
    return grafana_schemas.Grafana()


def pytest_generate_tests(metafunc):
    """A test that takes a `dashboard` runs for each; one that takes a `panel`, for each of them all."""
    dashboards = dashboard_queries.dashboards()
    if "dashboard" in metafunc.fixturenames:
        metafunc.parametrize("dashboard", dashboards, ids=[one["uid"] for one in dashboards])
    if "panel" in metafunc.fixturenames:
        all_panels = [(one["uid"], panel) for one in dashboards for panel in dashboard_queries.panels(one)
                      if panel["type"] != "row"]
        metafunc.parametrize("panel", [panel for _, panel in all_panels],
                             ids=[f"{uid}-{panel['id']}" for uid, panel in all_panels])
