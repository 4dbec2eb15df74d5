"""Grafana's dashboards. One module a dashboard, which holds little more than the list of its panels."""

from . import api, board, cloud_run, deployments, overview, store

BOARDS = {
    "1-overview": overview.board,
    "2-api": api.board,
    "3-store-runtime": store.board,
    "4-cloud-run": cloud_run.board,
    "5-deployments": deployments.board,
}


def outputs(slo):
    """Path in the repository → the file's text. Of `slo` it reads availability_objective,
    latency_objective, latency_threshold (seconds), fast_burn, and runbook_base."""
    return {f"monitoring/grafana/dashboards/{name}.json": board.text(made(slo), slo)
            for name, made in BOARDS.items()}
