"""What dashboard 4 asks of Google, asked of a Prometheus that scrapes the stand-in for it."""

import http.client
import json
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import dashboard_queries
import google_exposer
import pytest
import yaml

DEADLINE = 30
CONFIGURATION = {"global": {"scrape_interval": "200ms", "scrape_timeout": "200ms"}}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def get(url, **parameters):
    query = urllib.parse.urlencode(parameters, doseq=True)
    try:
        with urllib.request.urlopen(f"{url}?{query}") as answer:
            return json.load(answer)
    except (OSError, http.client.HTTPException):
        return {"status": "error", "data": []}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """The URL of a Prometheus' API that has seen the stand-in at least three times."""
    folder, port = tmp_path_factory.mktemp("prometheus"), free_port()
    with google_exposer.Exposer() as exposer:
        (folder / "prometheus.yml").write_text(yaml.safe_dump({**CONFIGURATION, "scrape_configs": [
            {"job_name": "google", "static_configs": [{"targets": [f"127.0.0.1:{exposer.port}"]}]}]}))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder}",
                 f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/api/v1"
            seen = 'count_over_time(run_googleapis_com:request_count{response_code="200"}[1m]) >= 3'
            wait_until(lambda: process.poll() is not None or (
                get(f"{url}/query", query=seen)["data"] or {"result": []})["result"], "three scrapes")
            assert process.poll() is None, (folder / "log").read_text()
            yield url
        finally:
            process.terminate()
            process.wait()


def test_every_query_of_dashboard_4_finds_data_and_every_variable_a_value(prometheus):
    values = {"project": "example-project", "service": "comments"}
    asked = [query for query in dashboard_queries.prometheus(values) if query.dashboard == "comments-cloud-run"]
    assert len(asked) > 30
    for query in asked:
        if query.label:
            answer = get(f"{prometheus}/label/{query.label}/values", **{"match[]": query.expr})
            assert answer["data"] == [values[query.panel.removeprefix("variable ")]], query
        else:
            answer = get(f"{prometheus}/query", query=query.expr)
            assert answer["status"] == "success" and answer["data"]["result"], query


def test_a_metric_of_another_name_would_not_be_found(prometheus):
    answer = get(f"{prometheus}/query", query="run_googleapis_com:requests_count")
    assert answer == {"status": "success", "data": {"resultType": "vector", "result": []}}


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
