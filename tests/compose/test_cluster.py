"""scripts/cluster: what compose.yaml starts, started without containers."""

import json
import os
import pathlib
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


def test_two_instances_behind_nginx_share_their_comments_and_end_without_a_trace(folder):
    url = f"http://127.0.0.1:{free_port()}"
    log = folder / "log"
    with log.open("wb") as out:
        cluster = subprocess.Popen([ROOT / "scripts/cluster", "--port", url.rsplit(":", 1)[1]],
                                   stdout=out, stderr=out,
                                   env={**os.environ, "TMPDIR": str(folder)})
    try:
        wait_until(lambda: "serving on" in log.read_text() or cluster.poll() is not None, "start")
        assert cluster.poll() is None, log.read_text()
        for number in range(6):  # nginx takes the instances in turns
            body = json.dumps({"email": "a@b", "comment": str(number), "content_id": 1}).encode()
            urllib.request.urlopen(urllib.request.Request(
                url + "/api/comment/new", body, {"Content-Type": "application/json"})).close()
            wait_until(lambda: newest(url) == str(number), "the comment, on either instance")
    finally:
        cluster.send_signal(signal.SIGINT)
        assert cluster.wait(DEADLINE) == 0, log.read_text()
    assert [path for path in folder.iterdir() if path != log] == []
