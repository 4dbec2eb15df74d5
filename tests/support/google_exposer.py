#!/usr/bin/env python3
"""A stand-in for Google Cloud Monitoring: serves the metrics of google_metrics.json as Prometheus
would read them through Cloud Monitoring's PromQL, with made-up values that grow with every look.

As a program: google_exposer.py PORT_FILE. It listens on loopback on a port from the kernel, writes
that port into PORT_FILE, and serves GET /metrics until SIGTERM or SIGINT.
"""

import http.server
import itertools
import json
import pathlib
import re
import signal
import sys
import threading

FIXTURE = pathlib.Path(__file__).with_name("google_metrics.json")


def load():
    return json.loads(FIXTURE.read_text(encoding="utf-8"))


def promql_name(metric):
    """https://cloud.google.com/monitoring/promql/promql-mapping: the first / becomes :, every other
    special character _."""
    domain, path = metric.split("/", 1)
    return f"{re.sub(r'[^a-zA-Z0-9]', '_', domain)}:{re.sub(r'[^a-zA-Z0-9]', '_', path)}"


def series_names(metric):
    """The names that a query may use: a distribution is a histogram."""
    name = promql_name(metric["metric"])
    if metric["value"] != "DISTRIBUTION":
        return {name}
    return {f"{name}_bucket", f"{name}_sum", f"{name}_count"}


def label_names(fixture):
    """Every name of a series → the labels it has."""
    result = {}
    for metric in fixture["metrics"]:
        labels = {"monitored_resource"}
        for part in (*metric["labels"], *fixture["resources"][metric["resource"]]):
            labels.update(part)
        for name in series_names(metric):
            result[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return result


def exposition(fixture, look):
    """Prometheus' text format, at the look-th look."""
    lines = []
    for metric in fixture["metrics"]:
        name = promql_name(metric["metric"])
        lines.append(f"# TYPE {name} {prometheus_type(metric)}")
        for resource, labels in itertools.product(fixture["resources"][metric["resource"]], metric["labels"]):
            labels = {"monitored_resource": metric["resource"], **resource, **labels}
            lines.extend(samples(metric, name, labels, look))
    return "\n".join(lines) + "\n"


def prometheus_type(metric):
    if metric["value"] == "DISTRIBUTION":
        return "histogram"
    return "gauge" if metric["kind"] == "GAUGE" else "counter"


def samples(metric, name, labels, look):
    if metric["value"] == "DISTRIBUTION":  # one observation within each bound, at every look
        bounds = [f"{bound:g}" for bound in metric["bounds"]] + ["+Inf"]
        for number, bound in enumerate(bounds, start=1):
            yield sample(f"{name}_bucket", {**labels, "le": bound}, number * look)
        yield sample(f"{name}_sum", labels, sum(metric["bounds"]) * look)
        yield sample(f"{name}_count", labels, len(bounds) * look)
    elif metric["kind"] == "GAUGE":
        yield sample(name, labels, metric["level"])
    else:
        yield sample(name, labels, look)


def sample(name, labels, value):
    inside = ",".join(f"{key}={json.dumps(value)}" for key, value in labels.items())
    return f"{name}{{{inside}}} {value}"


class Exposer:
    """Serves from a thread while its `with` block runs; `port` is the kernel's choice."""

    def __init__(self):
        fixture, looks = load(), itertools.count(1)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = exposition(fixture, next(looks)).encode() if self.path == "/metrics" else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *failure):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def main(port_file):
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # before any thread: they inherit it
    with Exposer() as exposer:
        half = pathlib.Path(f"{port_file}.new")
        half.write_text(str(exposer.port), encoding="utf-8")
        half.rename(port_file)  # whoever waits for the file finds it whole
        signal.sigwait(signals)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
