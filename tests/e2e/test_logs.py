"""The log: nobody waits for it, SIGTERM loses none of it, every line of it is JSON, it leads from a
trace to its requests, and nothing in it is personal."""

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading

import pytest

import service
from clients import Clients
from test_streams import list_follow, say

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
TRACE_FIELD, SPAN_FIELD, SAMPLED_FIELD = (
    f"logging.googleapis.com/{name}" for name in ("trace", "spanId", "trace_sampled"))
LIST = "/api/comment/list/{content_id}"


def requests_in(lines):
    return [line for line in lines if line["message"] == "request"]


def parsed(text):
    """The lines of a log; a line that is no JSON fails."""
    assert text == b"" or text.endswith(b"\n")
    lines = [json.loads(line.decode("ascii")) for line in text.splitlines()]
    for line in lines:
        assert {"severity", "message", "time"} <= line.keys()
    return lines


def head_of(method, target, *fields):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode("latin-1")


def ask(port, requests):
    """Sends them all on one connection, without waiting for any, and returns their statuses."""
    statuses = []
    with socket.create_connection(("127.0.0.1", port), service.DEADLINE) as connection:
        sender = threading.Thread(target=connection.sendall, args=[b"".join(requests)])
        sender.start()
        stream = connection.makefile("rb")
        for _ in requests:
            status = stream.readline().split()
            if not status:
                break
            statuses.append(int(status[1]))
            length = 0
            while (field := stream.readline()) not in (b"\r\n", b""):
                if field.lower().startswith(b"content-length:"):
                    length = int(field.split(b":")[1])
            stream.read(length)
        sender.join()
    return statuses


class PipedService(service.Service):
    """One whose log goes into a pipe of ours: it is read when we want, or never."""

    def __init__(self, folder, *options):
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        errors = folder / "piped.err"
        with errors.open("wb") as err:
            process = subprocess.Popen(
                [service.find_binary(), "serve", *service.ANY_PORTS, "--store", "memory:", *options],
                stdin=subprocess.DEVNULL, stdout=writer, stderr=err,
                env=service.clean_environment(folder))
        os.close(writer)
        super().__init__(process, None, errors)
        self.text = b""
        self.read_until(lambda: b'"message":"serving"' in self.text)
        self.url = re.search(rb'"url":"([^"]+)"', self.text)[1].decode()
        self.port = int(self.url.rsplit(":", 1)[1])

    def read_until(self, done):
        while not done():
            part = os.read(self.reader, 1 << 16)
            assert part, f"the log ended: {self.text[-500:]} {self.errors()}"
            self.text += part

    def read_to_the_end(self):
        while part := os.read(self.reader, 1 << 16):
            self.text += part
        return parsed(self.text)

    def stop_reading(self):
        if self.reader is not None:
            os.close(self.reader)
            self.reader = None


@pytest.fixture
def piped(tmp_path):
    started = []

    def start_piped(*options):
        started.append(PipedService(tmp_path, *options))
        return started[-1]

    yield start_piped
    for one in started:
        one.kill()
        one.stop_reading()
        one.check_errors()


# With these fields a line in the log has some 600 bytes: so many fill all there is room for.
LONG_LINE = ("X-Request-Id: " + "r" * 128, f"traceparent: 00-{TRACE}-{SPAN}-00")
MANY = 20_000


def log_more_than_there_is_room_for(one):
    request = head_of("GET", "/health/live", *LONG_LINE)
    for _ in range(4):
        assert ask(one.port, [request] * (MANY // 4)) == [200] * (MANY // 4)


def test_nobody_waits_for_a_log_that_is_not_read_and_it_says_what_it_lacks(piped):
    one = piped("--log-level", "debug")
    log_more_than_there_is_room_for(one)
    for number in range(20):
        assert one.post(service.new_comment("unread", f"comment {number}")).status == 200
        assert one.get(service.list_path("unread")).status == 200
    assert one.is_alive()

    one.read_until(lambda: b"were dropped" in one.text)
    one.send_signal(signal.SIGTERM)
    lines = one.read_to_the_end()
    assert one.wait_for_exit() == 0
    told = [line for line in lines if line["message"] == "lines of this log were dropped"]
    # On a busy machine some answers are slow: those are warnings.
    dropped = sum(line["debug"] + line["warning"] for line in told)
    assert dropped > 0 and all(line["severity"] == "WARNING" for line in told)
    assert all(line[severity] == 0 for line in told for severity in ("info", "error"))
    assert len(requests_in(lines)) + dropped == MANY + 40
    assert lines[-1]["message"] == "stopped"


def test_lines_that_wait_when_the_service_ends_are_written_to_who_reads_then(piped):
    one = piped("--access-log", "all")
    assert ask(one.port, [head_of("GET", "/health/live", *LONG_LINE)] * 3_000) == [200] * 3_000
    one.send_signal(signal.SIGTERM)
    lines = one.read_to_the_end()
    assert one.wait_for_exit() == 0
    assert len(requests_in(lines)) == 3_000
    assert lines[-1]["message"] == "stopped"


def test_a_log_that_is_not_read_does_not_keep_the_service_from_ending(piped):
    one = piped("--log-level", "debug")
    log_more_than_there_is_room_for(one)
    assert one.terminate() == 0


def test_a_reader_of_the_log_that_has_gone_does_not_matter(piped):
    one = piped("--log-level", "debug")
    one.stop_reading()
    for number in range(20):
        assert one.post(service.new_comment("gone", f"comment {number}")).status == 200
    assert one.count("gone") == 20
    assert one.terminate() == 0


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_log_on_a_full_disk_does_not_matter(tmp_path):
    port = free_port()
    with open("/dev/full", "wb") as full, (tmp_path / "err").open("wb") as err:
        process = subprocess.Popen(
            [service.find_binary(), "serve", "--port", str(port), "--admin-port", "0",
             "--store", "memory:", "--log-level", "debug"],
            stdin=subprocess.DEVNULL, stdout=full, stderr=err, env=service.clean_environment(tmp_path))
    one = service.Service(process, None, tmp_path / "err")
    one.port = port

    def answers():
        with contextlib.suppress(OSError):
            return one.get("/health/ready").status == 200
        return False
    try:
        service.wait_until(answers, "the service to answer")
        for number in range(20):
            assert one.post(service.new_comment("full", f"comment {number}")).status == 200
        assert one.terminate() == 0
    finally:
        one.kill()
    one.check_errors()


def test_sigterm_loses_no_line_of_a_request_that_was_answered(start):
    for number in range(3):
        one = start("--access-log", "all")
        clients = Clients(16, one.port, f"round {number}")
        try:
            service.wait_until(lambda now=clients: now.answered() >= 2_000, "the clients to be busy")
            assert one.terminate() == 0
        finally:
            one.kill()
            clients.join()
        lines = parsed(one.log_file.read_bytes())
        logged = {line["request_id"] for line in requests_in(lines)}
        answered = {f"{client.name}-{i}" for client in clients.clients
                    for i in range(len(client.statuses))}
        assert len(answered) >= 2_000
        assert answered - logged == set()
        assert lines[-1]["message"] == "stopped"


HOSTILE = ['"', "\\", '\\"', "{}", '","severity":"ERROR', "\t", "\x80\xff", "\xc3", "\xed\xa0\x80",
           "caf\xe9", "%22%0a%00", "%ff", "\x7f", "\x01", "\x00", "a\r\n b", "x" * 7_000]
PLACES = ["X-Request-Id", "traceparent", "X-Cloud-Trace-Context", "Origin", "Idempotency-Key",
          "If-None-Match", "Last-Event-ID", "User-Agent", "Accept-Encoding", "path", "query",
          "method", "content type"]


def hostile_request(place, text):
    if place == "method":
        return head_of(text, "/")
    if place == "path":
        return head_of("GET", f"/api/comment/list/{text}")
    if place == "query":
        return head_of("GET", f"/api/comment/list/1?limit={text}")
    if place == "content type":
        return head_of("POST", "/api/comment/new", f"Content-Type: {text}", "Content-Length: 0")
    return head_of("GET", "/api/comment/list/1", f"{place}: {text}")


def test_whatever_comes_in_every_line_is_json(start):
    one = start("--access-log", "all", "--log-level", "debug", "--cors-origin", "*")
    sent = 0
    for place in PLACES:
        for text in HOSTILE:
            assert len(ask(one.port, [hostile_request(place, text)])) == 1, (place, text)
            sent += 1
    assert one.terminate() == 0
    lines = requests_in(parsed(one.log_file.read_bytes()))
    assert len(lines) == sent
    assert {line["httpRequest"]["requestMethod"] for line in lines} <= {"GET", "POST", "_OTHER"}
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", line["request_id"])
        assert line.keys() == {"severity", "message", "time", "httpRequest", "request_id"}


def test_an_access_line_is_cloud_loggings_http_request(start):
    one = start("--access-log", "all")
    body = service.new_comment("http", "text")
    created = one.post(body, {"X-Request-Id": "one"})
    listed = one.get(service.list_path("http", "?limit=1"), {"X-Request-Id": "two"})
    assert one.terminate() == 0
    post, get = requests_in(parsed(one.log_file.read_bytes()))
    assert (post["severity"], post["request_id"], get["request_id"]) == ("INFO", "one", "two")
    for line, method, url, request_size, answer in (
            (post, "POST", "/api/comment/new", len(body), created), (get, "GET", LIST, 0, listed)):
        latency = line["httpRequest"].pop("latency")
        assert re.fullmatch(r"\d+\.\d{6}s", latency)
        assert line["httpRequest"] == {
            "requestMethod": method, "requestUrl": url, "status": 200,
            "requestSize": str(request_size), "responseSize": str(len(answer.body))}
        assert TRACE_FIELD not in line


def trace_of(line):
    return line[TRACE_FIELD], line[SPAN_FIELD], line[SAMPLED_FIELD]


def test_post_trace_leads_to_the_line_of_the_request(start, comments):
    one = start(GOOGLE_CLOUD_PROJECT="news-site")
    assert one.post(service.new_comment("trace", "nobody asks about this one")).status == 200
    posted = comments("post", "trace", "--url", one.url, "--email", "a@b.example", "--trace", "text")
    assert posted.returncode == 0, posted.stderr
    trace = re.fullmatch(r"trace: ([0-9a-f]{32})\n", posted.stderr)[1]
    assert one.terminate() == 0
    line, = requests_in(parsed(one.log_file.read_bytes()))
    assert line[TRACE_FIELD] == f"projects/news-site/traces/{trace}"
    assert line[SAMPLED_FIELD] is True
    assert line["httpRequest"]["requestUrl"] == "/api/comment/new"


def test_list_trace_leads_to_the_lines_of_all_its_requests(start, tmp_path):
    one = start()
    say(one, "nobody asks about this one")
    with list_follow(one, tmp_path, "--trace", "--limit", "1", "--json") as process:
        assert json.loads(process.stdout.readline())["id"] == 1
        say(one, "what comes with the stream")
        assert json.loads(process.stdout.readline())["id"] == 2
        trace = re.fullmatch(r"trace: ([0-9a-f]{32})\n", process.stderr.readline())[1]
    assert one.terminate() == 0
    lines = requests_in(parsed(one.log_file.read_bytes()))
    assert {line["httpRequest"]["requestUrl"] for line in lines} == {LIST, "/api/comment/stream/{content_id}"}
    assert {trace_of(line)[0] for line in lines} == {trace}


@pytest.mark.parametrize("name,value,sampled", [
    ("traceparent", f"00-{TRACE}-{SPAN}-01", True),
    ("traceparent", f"00-{TRACE}-{SPAN}-00", False),
    ("X-Cloud-Trace-Context", f"{TRACE}/{int(SPAN, 16)};o=1", True),
    ("X-Cloud-Trace-Context", f"{TRACE}/{int(SPAN, 16)}", False)])
def test_answer_body_and_log_name_the_same_request_and_trace(start, name, value, sampled):
    one = start("--access-log", "all")
    refused = one.get("/nope", {name: value})
    assert one.terminate() == 0
    line, = requests_in(parsed(one.log_file.read_bytes()))
    assert refused.headers["traceresponse"] == f"00-{TRACE}-{SPAN}-0{int(sampled)}"
    assert refused.json()["request_id"] == refused.headers["X-Request-Id"] == line["request_id"]
    assert trace_of(line) == (TRACE, SPAN, sampled)


def break_store(folder):
    """Every thread that is not in the cache fails to be read, in the store's own words."""
    database = sqlite3.connect(folder / "comments.db", timeout=service.DEADLINE)
    database.execute("ALTER TABLE comments RENAME TO elsewhere")
    database.close()


def test_the_reason_of_a_failure_is_found_by_the_trace_and_by_the_request_id(start, tmp_path):
    one = start()
    one.post(service.new_comment("broken", "text"))
    break_store(tmp_path)
    failed = one.get(service.list_path("broken"), {"traceparent": f"00-{TRACE}-{SPAN}-00"})
    assert failed.status == 503
    assert one.terminate() == 0
    reason, access = parsed(one.log_file.read_bytes())[-4:-2]
    assert "no such table" in reason["detail"]
    assert access["message"] == "request" and access["httpRequest"]["status"] == 503
    assert (reason["severity"], access["severity"]) == ("ERROR", "WARNING")
    assert trace_of(reason) == trace_of(access) == (TRACE, SPAN, False)
    assert reason["request_id"] == access["request_id"] == failed.json()["request_id"]


def test_nothing_personal_is_in_the_log(start, tmp_path):
    planted = "planted"  # in everything that a reader sends, and in nothing of ours
    one = start("--access-log", "all", "--log-level", "debug")
    agent = {"User-Agent": f"{planted} agent", "Referer": f"https://{planted}.example",
             "Idempotency-Key": f"{planted}-key", "If-None-Match": f'"{planted}"',
             "X-Forwarded-For": "203.0.113.7", "Cookie": f"{planted}=1"}
    def everything():
        one.post(service.new_comment(planted, f"{planted} text", f"{planted}@mail.example"), agent)
        one.post(service.new_comment(planted, f"{planted} other", f"{planted}@mail.example"), agent)
        one.post(b'{"email":"planted","comment":"planted', agent)
        one.post(b'{"email":"planted","comment":"planted","content_id":"planted"}', agent)
        for target in (f"/api/comment/list/{planted}", f"/api/comment/list/{planted}?view=full&x={planted}",
                       f"/api/comment/list/{planted}/1", f"/api/comment/list/{planted}/{planted}",
                       f"/api/comment/list/{planted}-cold", f"/api/comment/stream/{planted}?after={planted}",
                       f"/api/comment/count?content_id={planted}", f"/{planted}", f"/%{planted}",
                       f"/?content_id={planted}", f"/page/1/{planted}"):
            one.get(target, agent)
        one.request("DELETE", f"/api/comment/list/{planted}", headers=agent)
        one.request("PLANTED", f"/api/comment/list/{planted}", headers=agent)
    everything()
    break_store(tmp_path)
    everything()
    assert one.terminate() == 0
    text = one.log_file.read_bytes()
    lines = parsed(text)
    assert len(requests_in(lines)) == 2 * 17
    assert any("detail" in line for line in lines)
    assert planted.encode() not in text.lower()
    assert b"203.0.113.7" not in text
    assert not any("127.0.0.1" in json.dumps(line) for line in requests_in(lines))


@pytest.mark.parametrize("policy,environment,logged", [
    ("auto", {}, 0), ("auto", {"K_SERVICE": "comments"}, 10), ("errors", {"K_SERVICE": "comments"}, 0),
    ("sample", {}, 10), ("all", {}, 1_000)], ids=str)
def test_which_requests_are_in_the_log_is_asked_for(start, policy, environment, logged):
    one = start("--access-log", policy, **environment)
    one.post(service.new_comment("ready", "text"))
    assert ask(one.port, [head_of("GET", service.list_path("ready"))] * 1_000) == [200] * 1_000
    assert one.terminate() == 0
    lines = requests_in(parsed(one.log_file.read_bytes()))
    lists = [line for line in lines if line["httpRequest"]["requestUrl"] == LIST]
    assert abs(len(lists) - logged) <= (1 if logged == 10 else 0)


def test_a_trace_that_is_kept_has_its_line_however_few_others_have(start):
    one = start("--access-log", "errors")
    one.post(service.new_comment("ready", "text"))
    for flags in ("00", "01"):
        for _ in range(3):
            answer = one.get(service.list_path("ready"),
                             {"traceparent": f"00-{TRACE}-{SPAN}-{flags}"})
            assert answer.headers["traceresponse"] == f"00-{TRACE}-{SPAN}-{flags}"
    assert one.terminate() == 0
    lines = requests_in(parsed(one.log_file.read_bytes()))
    assert [trace_of(line) for line in lines] == [(TRACE, SPAN, True)] * 3
