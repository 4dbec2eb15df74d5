"""Debian's Prometheus and Alertmanager for tests: in a folder of the test's, on loopback, ports from the
kernel, ended with the `with`."""

import contextlib
import http.client
import json
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

DEADLINE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(condition, what, deadline=DEADLINE):
    end = time.monotonic() + deadline
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if answer := condition():
                return answer
        assert time.monotonic() < end, f"waited {deadline} s in vain: {what}"
        time.sleep(0.05)


class Server:
    """A program with a web address that says when it is ready."""

    def __init__(self, folder, program, *words):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / f"{program}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [program, *words, f"--web.listen-address=127.0.0.1:{self.port}"], stdout=out, stderr=out)

    def __enter__(self):
        def ready():
            assert self.process.poll() is None, self.log.read_text()
            return urllib.request.urlopen(f"{self.url}/-/ready", timeout=5).status == 200
        try:
            wait_until(ready, f"{self.url} to be ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def get(self, path, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        with urllib.request.urlopen(f"{self.url}{path}?{query}", timeout=DEADLINE) as answer:
            return json.load(answer)


def prometheus(folder, targets, *, every="250ms", rules=(), alertmanager=None, jobs=()):
    """One that scrapes `targets` (host:port) as the job `comments`, and whatever else `jobs` says."""
    static = [{"targets": [f"127.0.0.1:{alertmanager.port}"]}] if alertmanager else []
    configuration = {
        "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
        "rule_files": [str(path) for path in rules],
        "alerting": {"alertmanagers": [{"static_configs": static}]},
        "scrape_configs": [{"job_name": "comments", "static_configs": [{"targets": targets}]}, *jobs]}
    file = pathlib.Path(folder, "prometheus.yml")
    file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return Prometheus(folder, "prometheus", f"--config.file={file}",
                      f"--storage.tsdb.path={folder}/prometheus", "--enable-feature=exemplar-storage")


class Prometheus(Server):
    def query(self, expression):
        """[(labels, value)], or the fault that Prometheus finds, as an AssertionError."""
        try:
            data = self.get("/api/v1/query", query=expression)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode()}") from error
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(series["metric"], float(series["value"][1])) for series in data["result"]]

    def range(self, expression, start, end, step):
        """[(labels, [value at each step])]"""
        data = self.get("/api/v1/query_range", query=expression, start=start, end=end, step=step)["data"]
        return [(series["metric"], [float(value) for _, value in series["values"]])
                for series in data["result"]]

    def metric_names(self):
        return set(self.get("/api/v1/label/__name__/values")["data"])


def alertmanager(folder, configuration):
    """One with that configuration (a value)."""
    file = pathlib.Path(folder, "alertmanager.yml")
    file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return Server(folder, "prometheus-alertmanager", f"--config.file={file}",
                  f"--storage.path={folder}/alertmanager", "--cluster.listen-address=")
