"""Every question that a dashboard or a rule asks, asked of a real Prometheus that watches two real services
to which everything has happened.

What Google Cloud alone knows comes from a stand-in (support/google_exposer.py): names and labels are
Google's, the values are made up.
"""

import contextlib
import itertools
import math
import pathlib
import re
import socket
import sqlite3
import sys
import threading
import time
import urllib.parse

import pytest
import yaml

import dashboard_queries
import google_exposer
import monitoring_servers
import service
from monitoring_servers import wait_until
from test_streams import following

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/dashboards"))
import promql_names  # noqa: E402  from the folder named above

RULES = [ROOT / "monitoring/prometheus" / file for file in ("recording.yml", "alerts.yml")]
REVISIONS = ("comments-00001", "comments-00002")
LONG_ID = "x" * 300


def raw(port, text):
    """The first line of the answer to those bytes."""
    with socket.create_connection(("127.0.0.1", port), service.DEADLINE) as connection:
        connection.sendall(text)
        return connection.makefile("rb").readline()


def malformed(port):
    """A request for each way in which it can be none."""
    host = b"Host: localhost\r\n"
    for text in (b"nonsense\r\n\r\n", b"GET / HTTP/3.0\r\n" + host + b"\r\n",
                 b"BREW / HTTP/1.1\r\n" + host + b"\r\n",
                 b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                 b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 40_000 + b"\r\n\r\n",
                 b"POST /api/comment/new HTTP/1.1\r\n" + host + b"Content-Length: 9999999\r\n\r\n",
                 b"DELETE /api/comment/new HTTP/1.1\r\n" + host + b"\r\n"):
        assert raw(port, text).startswith(b"HTTP/1.1 ")


def post_in_every_way(one):
    comment, key = service.new_comment(1, "something"), {"Idempotency-Key": "one"}
    for headers in ({}, key, key):
        assert one.post(comment, headers).status == 200
    assert one.post(service.new_comment(1, "other"), key).status == 422
    assert one.post(b"{}").status == 400
    assert one.post(service.new_comment(1, "x" * 10_001)).status == 413
    assert one.post(comment, {"Content-Type": "text/plain"}).status == 415
    statuses = {one.post(service.new_comment(2, "too many", "spam@b.example")).status for _ in range(12)}
    assert statuses == {200, 429}


def read_in_every_way(one):
    page_file = re.search(r"/page/[^\"]+", one.get("/").body.decode())[0]
    for method in ("GET", "HEAD"):
        for target, expected in (
                ("/api/comment/list/1", 200), ("/api/comment/list/1", 200), ("/api/comment/list/none", 404),
                ("/api/comment/list/1?limit=x", 400), (f"/api/comment/list/{LONG_ID}", 413),
                ("/api/comment/list/1/1", 200), ("/api/comment/list/1/999", 404),
                ("/api/comment/list/1/x", 400), (f"/api/comment/list/{LONG_ID}/1", 413),
                ("/api/comment/count?content_id=1", 200), ("/api/comment/count", 400),
                (f"/api/comment/count?content_id={LONG_ID}", 413), ("/openapi.json", 200), ("/", 200),
                (page_file, 200), ("/page/1/nothing", 404), ("/nowhere", 404), ("/%zz", 400)):
            assert one.request(method, target).status == expected, (method, target)
        for target in ("/api/comment/list/1", "/api/comment/list/1/1", "/", page_file):
            etag = one.get(target).headers["ETag"]
            assert one.request(method, target, headers={"If-None-Match": etag}).status == 304, target


def follow_in_every_way(one):
    with following(one, 1) as follower:
        one.post(service.new_comment(1, "news"))
        assert follower.comment()["comment"] == "news"
    assert one.get("/api/comment/stream/1?after=x").status == 400
    assert one.get(f"/api/comment/stream/{LONG_ID}").status == 413


def post_traced(folder, one):
    """The trace that the client has begun."""
    posted = service.run_comments(folder, "post", "1", "--url", one.url, "--email", "a@b.example", "--trace",
                                  "traced")
    return re.fullmatch(r"trace: ([0-9a-f]{32})\n", posted.stderr)[1]


def break_store(folder):
    """Whatever is not in a service's memory fails to be read or written."""
    with contextlib.closing(sqlite3.connect(folder / "comments.db", timeout=service.DEADLINE)) as database:
        for table in ("comments", "contents"):
            database.execute(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")


def fail_in_every_way(one):
    assert one.post(service.new_comment(1, "x")).status == 503
    for method in ("GET", "HEAD"):
        for target in ("/api/comment/list/unread", "/api/comment/list/unread/1",
                       "/api/comment/count?content_id=unread", "/api/comment/stream/unread"):
            assert one.request(method, target).status == 503, (method, target)


def often(rules, folder):
    """The same rules, evaluated every second, and without patience."""
    text = rules.read_text(encoding="utf-8")
    assert "interval: 30s" in text
    copy = folder / rules.name
    text = re.sub(r"^( *for: ).*", r"\g<1>0s", text.replace("interval: 30s", "interval: 1s"), flags=re.M)
    copy.write_text(text, encoding="utf-8")
    return copy


def admin_of(one):
    return urllib.parse.urlsplit(one.find_in_log("serving")["admin_url"]).netloc


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A Prometheus that has seen two services before, while and after everything happened to them."""
    folder = tmp_path_factory.mktemp("watched")
    options = ("--store", f"sqlite:{folder / 'comments.db'}", "--rate-limit-email", "10/min")
    with contextlib.ExitStack() as stack:
        services = []
        for revision, level in zip(REVISIONS, ("info", "debug"), strict=True):
            one = service.launch(folder, *options, "--log-level", level, COMMENTS_REVISION=revision)
            stack.callback(one.kill)
            one.wait_until_serving()
            services.append(one)
        exposer = stack.enter_context(google_exposer.Exposer())
        prometheus = stack.enter_context(monitoring_servers.prometheus(
            folder, [admin_of(one) for one in services], rules=[often(file, folder) for file in RULES],
            jobs=[{"job_name": "google",
                   "static_configs": [{"targets": [f"127.0.0.1:{exposer.port}"]}]}]))
        scrapes = "min(count_over_time(up[1h])) >= {}"
        wait_until(lambda: prometheus.query(scrapes.format(3)), "three looks at each")
        dawdler = stack.enter_context(socket.create_connection(("127.0.0.1", services[0].port), 30))
        dawdler.sendall(b"GET / HTTP/1.1\r\n")  # and no more
        prometheus.traces = set()
        for one in services:
            post_in_every_way(one)
            read_in_every_way(one)
            follow_in_every_way(one)
            malformed(one.port)
            prometheus.traces.add(post_traced(folder, one))
        break_store(folder)
        for one in services:
            fail_in_every_way(one)
        assert dawdler.makefile("rb").readline().startswith(b"HTTP/1.1 408 ")
        seen = int(prometheus.query("max(count_over_time(up[1h]))")[0][1])
        wait_until(lambda: prometheus.query(scrapes.format(seen + 4)), "four more looks at each")
        # The store is broken: that is told, and so there is something for what shows alerts.
        wait_until(lambda: prometheus.query('ALERTS{alertstate="firing",alertname!="Watchdog"}'), "an alert")
        prometheus.services = services
        yield prometheus


VALUES = {"job": "comments", "__rate_interval": "5m"}  # all that has happened, on a slow machine too
QUERIES = list(dashboard_queries.prometheus(VALUES))


def alerts_and_records():
    for file in RULES:
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                yield rule.get("record") or rule["alert"], rule["expr"]


def names_in(expression):
    return set(promql_names.metrics(expression))


def data_of(prometheus, expression):
    """The values that a panel would draw."""
    return [value for _, value in prometheus.query(expression) if not math.isnan(value)]


@pytest.mark.parametrize("query", QUERIES, ids=[f"{one.dashboard}: {one.panel}" for one in QUERIES])
def test_what_a_dashboard_asks_has_an_answer(watched, query):
    assert names_in(query.expr) <= watched.metric_names()
    assert data_of(watched, query.expr), query.expr


def weighed(expression):
    """Its comparisons answer 0 or 1 instead of nothing or something; `and` is left to say whether both sides
    have the same labels."""
    return re.sub(r"(==|!=|<=|>=|<|>)(?=\s)", r"\1 bool", expression)


@pytest.mark.parametrize("name, expression", alerts_and_records())
def test_what_a_rule_asks_has_an_answer(watched, name, expression):
    """A silent alert has no data. What it compares has: so it is not silent for want of data, or of labels
    that match."""
    assert names_in(expression) <= watched.metric_names()
    watched.query(expression)
    assert data_of(watched, weighed(expression)), weighed(expression)


def test_an_alert_whose_sides_have_different_labels_would_be_found(watched):
    good = 'sum by (job) (up{job="comments"}) > 5 and on (job) sum by (job) (up{job="comments"}) > 7'
    assert not watched.query(good) and watched.query(weighed(good))
    assert not watched.query(weighed(good.replace("and on (job) sum by (job)", "and sum by (instance)")))


def test_what_is_recorded_has_data(watched):
    records = [name for name, _ in alerts_and_records() if ":" in name]
    assert len(records) > 10
    for name in records:
        assert data_of(watched, name), name


# What no request from outside can bring about, or a crowd only: tests/api and e2e.overload do.
BUGS = {"http_response_status_code": {"500", "_OTHER"}, "reason": {"internal"}, "kind": {"internal"}}
CROWDS = {"reason": {"overloaded", "connections"}, "kind": {"overloaded"},
          "__name__": {"log_messages_dropped_total", "http_server_turned_away_total"}}


def test_everything_has_happened_but_what_needs_a_bug_or_a_crowd(watched):
    counted = {}
    for labels, value in watched.query('{job="comments", __name__=~"(http|comments|log)_.*_(total|count)"}'):
        key = tuple(sorted((name, text) for name, text in labels.items() if name != "instance"))
        counted[key] = counted.get(key, 0) + value
    absent = [key for key in counted if any(text in closed.get(name, ())
                                            for name, text in key for closed in (BUGS, CROWDS))]
    assert len(counted) > 100 and absent
    assert {key for key, value in counted.items() if value == 0} == set(absent)


def test_every_rule_is_evaluated_without_an_error(watched):
    groups = watched.get("/api/v1/rules")["data"]["groups"]
    assert len(groups) >= 2
    wait_until(lambda: all(rule["health"] == "ok" for group in watched.get("/api/v1/rules")["data"]["groups"]
                           for rule in group["rules"]), "each rule's first evaluation")


def test_a_fault_in_a_query_would_be_found(watched):
    with pytest.raises(AssertionError, match="parse error"):
        watched.query("sum(rate(up[1m])")
    assert names_in("rate(http_server_no_such_total[1m])") - watched.metric_names()


def test_every_metric_that_is_asked_for_is_documented(watched):
    documented = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text("utf-8"), re.M))
    exposed = watched.get("/api/v1/targets/metadata", match_target='{job="comments"}')["data"]
    # OpenMetrics calls a family of counters without the _total of its samples.
    assert {name.removesuffix("_total") for name in documented} == {entry["metric"] for entry in exposed}
    asked = set().union(*(names_in(query.expr) for query in QUERIES))
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked
            if name.startswith(("http_", "comments_", "log_", "process_")) and ":" not in name}
    assert ours <= documented
    assert len(ours) > 30


def test_a_trace_that_is_kept_leads_from_a_bucket_to_its_line_in_the_log(watched):
    selector = 'http_server_request_duration_seconds_bucket{http_route="/api/comment/new"}'
    found = watched.get("/api/v1/query_exemplars", query=selector, start=time.time() - 600, end=time.time())
    traces = {exemplar["labels"]["trace_id"] for series in found["data"] for exemplar in series["exemplars"]}
    assert traces == watched.traces
    logged = {line.get("logging.googleapis.com/trace") for one in watched.services for line in one.log_lines()}
    assert traces <= logged


def test_revisions_are_told_apart(watched):
    by_revision = ('sum by (revision_name) (http_server_request_duration_seconds_count{job="comments"}'
                   " * on (instance, job) group_left (revision_name) comments_build_info)")
    assert {labels["revision_name"]: value > 0 for labels, value in watched.query(by_revision)} == dict.fromkeys(
        REVISIONS, True)


class Readers:
    """Ask one instance after the other without a pause, as a load balancer would: who does not answer is
    passed over. `answered` counts."""

    def __init__(self, ports):
        self.ports, self.answered, self.stop = ports, 0, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        for port in itertools.cycle(self.ports):
            if self.stop.is_set():
                return
            with contextlib.suppress(OSError):
                with socket.create_connection(("127.0.0.1", port), 1) as connection:
                    connection.sendall(b"GET /api/comment/list/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    self.answered += connection.makefile("rb").readline().startswith(b"HTTP/1.1 200")
            time.sleep(0.005)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def test_a_rolling_restart_leaves_no_gap_in_the_rate(tmp_path):
    """Two instances, replaced one after the other on the same ports, by another revision."""
    ports = [(str(monitoring_servers.free_port()), str(monitoring_servers.free_port())) for _ in range(2)]

    def serve(number, revision):
        port, admin_port = ports[number]
        one = service.launch(tmp_path, "--store", f"sqlite:{tmp_path / 'comments.db'}",
                             ports=("--port", port, "--admin-port", admin_port), COMMENTS_REVISION=revision)
        stack.callback(one.kill)
        one.wait_until_serving()
        return one

    with contextlib.ExitStack() as stack:
        services = [serve(number, REVISIONS[0]) for number in range(2)]
        services[0].post(service.new_comment(1, "so that there is a thread"))
        prometheus = stack.enter_context(monitoring_servers.prometheus(
            tmp_path, [f"127.0.0.1:{admin_port}" for _, admin_port in ports]))
        readers = stack.enter_context(Readers([int(port) for port, _ in ports]))
        counted = 'sum(increase(http_server_request_duration_seconds_count{job="comments"}[1h]))'
        wait_until(lambda: prometheus.query(f"{counted} > 100"), "the load to be seen")
        began, answered = time.time(), readers.answered
        for number in range(2):
            assert services[number].terminate() == 0
            services[number] = serve(number, REVISIONS[1])
            fresh = f'comments_build_info{{revision_name="{REVISIONS[1]}",instance="127.0.0.1:{ports[number][1]}"}}'
            wait_until(lambda: prometheus.query(fresh), "the new revision to be seen")  # noqa: B023
        wait_until(lambda: prometheus.query("min(count_over_time(up[4s])) >= 15"), "many looks more")
        ended, answered = time.time(), readers.answered - answered
        (_, rates), = prometheus.range(
            'sum(rate(http_server_request_duration_seconds_count{job="comments"}[4s]))', began, ended, "250ms")
        assert len(rates) >= (ended - began) / 0.25 - 1, "every step has a value"
        assert min(rates) > 0, rates
        assert max(rates) < 1_000, "a counter that begins anew is no burst"  # 200 a second at most are asked
        # What came between the last look at a process and its end is unknown, and no more.
        seen = sum(value for _, value in prometheus.query(
            'increase(http_server_request_duration_seconds_count{job="comments"}'
            f"[{1_000 * (ended - began):.0f}ms])"))
        assert 0.7 * answered < seen < 1.3 * answered
        panels = [query for query in QUERIES
                  if query.dashboard == "comments-deployments" and "by revision" in query.panel]
        assert len(panels) > 5
        for query in panels:
            shown = {labels["revision_name"] for labels, _ in prometheus.range(query.expr, began, ended, "250ms")}
            assert shown == set(REVISIONS), query.panel
    print(f"{answered} requests, {seen:.0f} seen; {len(rates)} steps, rate {min(rates):.0f} to {max(rates):.0f}/s")
