"""What dashboard 4 asks of Google, asked of a Prometheus that scrapes the stand-in for it."""

import pathlib
import signal
import subprocess
import sys
import urllib.request

import dashboard_queries
import google_exposer
import monitoring_servers
import pytest
from monitoring_servers import DEADLINE, wait_until


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """One that has seen the stand-in at least three times."""
    with google_exposer.Exposer() as exposer, monitoring_servers.prometheus(
            tmp_path_factory.mktemp("prometheus"), [f"127.0.0.1:{exposer.port}"]) as server:
        seen = 'count_over_time(run_googleapis_com:request_count{response_code="200"}[1m]) >= 3'
        wait_until(lambda: server.query(seen), "three scrapes")
        yield server


def test_every_query_of_dashboard_4_finds_data_and_every_variable_a_value(prometheus):
    values = {"project": "example-project", "service": "comments"}
    asked = [query for query in dashboard_queries.prometheus(values) if query.dashboard == "comments-cloud-run"]
    assert len(asked) > 30
    for query in asked:
        if query.label:
            found = prometheus.get(f"/api/v1/label/{query.label}/values", **{"match[]": query.expr})
            assert found["data"] == [values[query.panel.removeprefix("variable ")]], query
        else:
            assert prometheus.query(query.expr), query


def test_a_metric_of_another_name_would_not_be_found(prometheus):
    assert prometheus.query("run_googleapis_com:requests_count") == []


@pytest.mark.parametrize("metric, name", [  # the examples of Google's page
    ("compute.googleapis.com/instance/cpu/utilization", "compute_googleapis_com:instance_cpu_utilization"),
    ("kubernetes.io/container/cpu/limit_cores", "kubernetes_io:container_cpu_limit_cores"),
    ("logging.googleapis.com/log_entry_count", "logging_googleapis_com:log_entry_count"),
])
def test_a_name_becomes_what_google_says_it_becomes(metric, name):
    assert google_exposer.promql_name(metric) == name


def test_promtool_finds_no_fault_in_what_the_stand_in_serves():
    text = google_exposer.exposition(google_exposer.load(), look=1)
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
    # Of style it complains, for Google's names are not Prometheus'; it must be able to read them.
    assert checked.returncode in (0, 3) and "error while linting" not in checked.stdout, checked.stdout


def test_as_a_program_it_says_its_port_serves_and_ends(tmp_path):
    port_file = tmp_path / "port"
    process = subprocess.Popen([sys.executable, google_exposer.__file__, port_file])
    try:
        wait_until(port_file.exists, "the port")
        url = f"http://127.0.0.1:{pathlib.Path(port_file).read_text()}/metrics"
        looks = [urllib.request.urlopen(url).read().decode() for _ in range(2)]
        assert all('run_googleapis_com:request_count{monitored_resource="cloud_run_revision"' in look
                   for look in looks)
        assert looks[0] != looks[1]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
