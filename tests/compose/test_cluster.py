"""scripts/cluster and scripts/monitoring: what compose.yaml starts, started without containers."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEADLINE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


def newest(url):
    with urllib.request.urlopen(url + "/api/comment/list/1?order=desc") as answer:
        return json.load(answer)[0]["comment"]


@pytest.fixture
def folder():
    """One that everybody may enter: started by root, PostgreSQL runs as somebody else."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as path:
        os.chmod(path, 0o755)
        yield pathlib.Path(path)


@contextlib.contextmanager
def running(folder, script, ready, *words):
    """The script's output, once it says that; ended by Ctrl-C, it leaves nothing behind."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([ROOT / "scripts" / script, *words], stdout=out, stderr=out, cwd=folder,
                                   env={**os.environ, "TMPDIR": str(folder)})
    try:
        wait_until(lambda: ready in log.read_text() or process.poll() is not None, "start")
        assert process.poll() is None, log.read_text()
        yield log.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0, log.read_text()


def left_in(folder):
    return [path.name for path in folder.iterdir() if path.name not in ("log", "comments.db")]


def test_two_instances_behind_nginx_share_their_comments_and_end_without_a_trace(folder):
    url = f"http://127.0.0.1:{free_port()}"
    with running(folder, "cluster", "serving on", "--port", url.rsplit(":", 1)[1]):
        for number in range(6):  # nginx takes the instances in turns
            body = json.dumps({"email": "a@b", "comment": str(number), "content_id": 1}).encode()
            urllib.request.urlopen(urllib.request.Request(
                url + "/api/comment/new", body, {"Content-Type": "application/json"})).close()
            wait_until(lambda: newest(url) == str(number), "the comment, on either instance")
    assert left_in(folder) == []


def test_a_service_is_watched_by_prometheus_and_alertmanager_which_end_without_a_trace(folder):
    with running(folder, "monitoring", "watching", "--port", "0") as said:
        prometheus, alertmanager = re.search(r"alerts +(\S+)/alerts and (\S+)", said).groups()

        def asked(path):
            with urllib.request.urlopen(prometheus + path) as answer:
                return json.load(answer)["data"]
        wait_until(lambda: [target["health"] for target in asked("/api/v1/targets")["activeTargets"]] == ["up"],
                   "Prometheus to see the service")
        wait_until(lambda: [one["labels"]["alertname"] for one in asked("/api/v1/alerts")["alerts"]
                            if one["state"] == "firing"] == ["Watchdog"], "the watchdog alone to fire")

        def told():
            with urllib.request.urlopen(alertmanager + "/api/v2/alerts") as answer:
                return [alert["receivers"][0]["name"] for alert in json.load(answer)]
        wait_until(lambda: told() == ["watchdog"], "Alertmanager to hear of it")
    assert left_in(folder) == []


def test_monitoring_keeps_the_admin_port_for_itself(folder):
    refused = subprocess.run([ROOT / "scripts/monitoring", "--admin-port", "1"], capture_output=True, text=True,
                             check=False)
    assert refused.returncode == 1
    assert "leave out --admin-port" in refused.stderr
