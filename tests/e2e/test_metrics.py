"""What a service shows of itself: in two forms that Prometheus reads, and nothing that readers do not feel
in the figures by which it is judged."""

import re
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

import service
from test_streams import following, say

PROMETHEUS, OPEN_METRICS = "text/plain;version=0.0.4", "application/openmetrics-text;version=1.0.0"
SLI = re.compile(r'^(http_server_request_duration_seconds_count\{.*\}'
                 r'|http_server_rejected_total\{reason="(?:connections|internal)"\}) (.+)$', re.M)


def exposition(one, accept=PROMETHEUS):
    url = one.find_in_log("serving")["admin_url"] + "/metrics"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}),
                                timeout=service.DEADLINE) as answer:
        return answer.read().decode()


def judged(one):
    """How many requests the objectives know of."""
    return sum(float(value) for _, value in SLI.findall(exposition(one)))


def value(one, sample):
    found = re.search(rf"^{re.escape(sample)} (.+)$", exposition(one), re.M)
    return float(found[1]) if found else None


def test_promtool_finds_no_fault(shared):
    say(shared, "something")
    shared.get("/api/comment/list/1")
    checked = subprocess.run(["promtool", "check", "metrics"], input=exposition(shared), text=True,
                             capture_output=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_openmetrics_says_units_and_ends(shared):
    text = exposition(shared, OPEN_METRICS)
    assert "# UNIT http_server_request_duration_seconds seconds\n" in text
    assert text.endswith("\n# EOF\n")


def test_every_series_is_there_before_anything_has_happened(start):
    fresh, used = start("--store", "memory:"), start("--store", "memory:")
    say(used, "something")
    for target in ("/api/comment/list/1", "/api/comment/list/none", "/nowhere", "/api/comment/list/1?limit=x"):
        used.get(target)
    def series(one):
        return {line.rsplit(" ", 1)[0] for line in exposition(one).splitlines() if not line.startswith("#")}
    assert series(fresh) == series(used)


def statuses_shown(one, method):
    """Route → the statuses that have a series."""
    shown = {}
    for asked, route, status in re.findall(
            r'^http_server_request_duration_seconds_count\{http_request_method="(\w+)",http_route="([^"]+)"'
            r',http_response_status_code="(\w+)"\}', exposition(one), re.M):
        if asked == method:
            shown.setdefault(route, set()).add(status)
    return shown


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_statuses_that_are_expected_are_those_of_the_api(shared, method):
    """Any other is counted as _OTHER, an error of ours."""
    documented = {}
    for path, operations in shared.get("/openapi.json").json()["paths"].items():
        answers = operations.get("get" if method == "HEAD" else method.lower(), {}).get("responses", {})
        numbers = {status for status in answers if status.isdigit()}
        if numbers and not path.startswith(("/health/", "/api/comment/stream/")):
            store = {"500"} if "503" in numbers else set()  # it may fail in ways that nobody thought of
            documented[path] = numbers | store | {"_OTHER"}
    assert documented and statuses_shown(shared, method) == documented


def admin_gets(one, target):
    """The status."""
    try:
        with urllib.request.urlopen(one.find_in_log("serving")["admin_url"] + target,
                                    timeout=service.DEADLINE) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_streams_probes_and_what_operators_ask_are_in_no_objective(start):
    one = start()
    say(one, "so that there is a thread")
    before = judged(one)
    assert before == 1
    with following(one, 1) as follower:
        one.post(service.new_comment("_probe", "probe"))
        for target in ("/health/live", "/health/ready", "/health/startup", "/api/comment/list/_probe",
                       "/api/comment/list/_probe?view=full", "/api/comment/list/_probe/1",
                       "/api/comment/stream/1?after=x", "/nowhere"):
            one.get(target)
        assert follower.answer.status == 200
    for target in ("/health/ready", "/metrics"):
        assert admin_gets(one, target) == 200
    for target in ("/", "/openapi.json", "/api/comment/list/1", "/api/comment/list/none", "/api/comment/count",
                   "/api/comment/stream/1", "/nowhere"):
        assert admin_gets(one, target) == 404
    assert judged(one) == before
    one.get("/api/comment/list/1")
    assert judged(one) == before + 1


def test_a_follower_is_seen_come_and_go(start):
    one = start()
    say(one, "before")
    with following(one, 1) as follower:
        service.wait_until(lambda: value(one, "comments_stream_followers") == 1, "the follower")
        say(one, "news")
        assert follower.comment()["comment"] == "news"
        assert value(one, "comments_stream_events_total") == 1
    service.wait_until(lambda: value(one, "comments_stream_followers") == 0, "its end")
    assert value(one, "comments_stream_duration_seconds_count") == 1


def test_counters_never_fall_while_a_service_drains(start):
    """The admin port answers to the end, and what the server has counted is still known then."""
    one = start("--drain-delay", "300ms")
    say(one, "something")
    seen = []

    def look():
        try:
            while True:
                seen.append(value(one, "http_server_connections_total"))
        except OSError:
            pass  # it has ended
    watcher = threading.Thread(target=look)
    service.wait_until(lambda: value(one, "http_server_connections_total") == 1, "the connection's count")
    watcher.start()
    assert one.terminate() == 0
    watcher.join()
    assert seen and set(seen) == {1.0}
