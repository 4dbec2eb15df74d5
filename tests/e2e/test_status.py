"""`comments status` as a person, a script and a container's health check use it."""

import contextlib
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import threading

import pytest

import service
from terminal import Watched

SECOND_SCREEN, FIRST_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
NO_CURSOR, CURSOR = "\x1b[?25l", "\x1b[?25h"
OFTEN = ("--interval", "100ms")

BUCKET = 'http_server_request_duration_seconds_bucket{http_response_status_code="200",le="%s"} %d\n'
COUNT = 'http_server_request_duration_seconds_count{http_response_status_code="200"} %d\n'


@contextlib.contextmanager
def answering(answer):
    """A stand-in for an admin port: its URL. `answer()` is the text for each request."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = answer().encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def nobody():
    """The URL of a port where nobody listens, and nobody else will meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def no_admin():
    with nobody() as url:
        yield ("--admin-url", url)


def own_admin(one):
    return one.find_in_log("serving")["admin_url"]


def test_a_service_that_serves_is_ready(start, comments, no_admin):
    one = start()
    ran = comments("status", "--url", one.url, *no_admin)
    assert (ran.returncode, ran.stderr) == (0, "")
    version = re.fullmatch(r"comments (\S+) \((\w{7})\w*, [^)]+\)\n", comments("--version").stdout)
    assert ran.stdout.startswith(
        f"READY  comments {version[1]} ({version[2]}), revision local\n{one.url}, ")
    assert "no figures: the admin port is not reachable" in ran.stdout
    assert "--admin-url" in ran.stdout


def test_its_own_admin_port_is_asked_for_figures(start, comments):
    one = start()
    ran = comments("status", "--url", one.url, "--admin-url", own_admin(one), "--json", *OFTEN)
    assert ran.returncode == 0
    status = json.loads(ran.stdout)
    assert status["figures_message"] is None
    assert status["figures"]["uptime_seconds"] >= 0
    assert status["figures"]["lately"]["requests"] == 0
    assert status["figures"]["memory_bytes"] > 0


def test_a_status_as_json_is_one_object(start, comments):
    one = start()
    total = 1_000

    def metrics():
        nonlocal total
        total += 10
        return BUCKET % ("0.1", total) + BUCKET % ("+Inf", total) + COUNT % total

    with answering(metrics) as admin:
        ran = comments("status", "--url", one.url, "--admin-url", admin, "--json", *OFTEN)
    assert ran.returncode == 0
    status = json.loads(ran.stdout)
    assert list(status) == sorted(status)
    assert (status["format"], status["verdict"], status["url"]) == (1, "ready", one.url)
    assert status["health"] == one.get("/health/ready").json()
    lately, ever = status["figures"]["lately"], status["figures"]["since_start"]
    assert (lately["requests"], ever["requests"]) == (10, 1_020)
    assert lately["requests_per_second"] == pytest.approx(10 / lately["seconds"])
    assert (lately["p50_seconds"], lately["error_ratio"]) == (0.05, 0)
    assert status["figures"]["memory_bytes"] is None


def test_a_service_that_drains_is_degraded(start, comments, no_admin):
    one = start("--drain-delay", "3600s")
    one.send_signal(signal.SIGTERM)
    service.wait_until(lambda: one.health()[1]["status"] == "DRAINING", "the service to drain")
    ran = comments("status", "--url", one.url, *no_admin)
    assert (ran.returncode, ran.stderr) == (6, "")
    assert ran.stdout.startswith("DRAINING  comments ")


def test_a_service_that_has_stopped_is_unreachable(start, comments):
    one = start()
    one.terminate()
    ran = comments("status", "--url", one.url)
    assert (ran.returncode, ran.stderr) == (4, "")
    assert ran.stdout.startswith(f"UNREACHABLE  {one.url}\n  cannot reach {one.url}: ")


def test_a_health_check_says_nothing_but_its_exit_code(start, comments):
    one = start("--drain-delay", "3600s")

    def check():
        ran = comments("status", "--quiet", PORT=str(one.port))  # as in a container
        assert ran.stdout + ran.stderr == ""
        return ran.returncode

    assert check() == 0
    one.send_signal(signal.SIGTERM)
    service.wait_until(lambda: check() == 6, "the service to drain")
    one.kill()
    assert check() == 4


def test_a_mistyped_option_suggests_the_nearest(comments):
    ran = comments("status", "--quite")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("comments: there is no option --quite; did you mean '--quiet'?")


@contextlib.contextmanager
def saying(*pieces):
    """The URL of a server that sends these bytes to everybody, and then waits for them to leave."""
    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    for piece in pieces:
                        connection.sendall(piece)
                    connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("pieces, reason", [
    ([b""], "has given no whole answer within 3000 ms"),
    ([OK + b"Content-Length: 9\r\n\r\n{"], "has given no whole answer within 3000 ms"),
    ([OK + b"\r\n", *[b" " * 65536] * 65], "is longer than 4194304 bytes"),
    ([OK + b"Content-Length: 6\r\n\r\n<html>"], "not that of a comments service"),
    ([b"\x1b[2J\r\n\r\n"], "cannot reach"),
], ids=["silent", "cut", "endless", "another", "no HTTP"])
def test_a_server_that_is_no_service_is_named_with_the_reason(comments, pieces, reason):
    with saying(*pieces) as url:
        ran = comments("status", "--url", url)
    assert (ran.returncode, ran.stderr) == (4, "")
    assert ran.stdout.startswith(f"UNREACHABLE  {url}\n")
    assert reason in " ".join(ran.stdout.split())
    assert "\x1b" not in ran.stdout


def test_watching_into_a_pipe_gives_a_line_for_each_look(start, tmp_path, no_admin):
    one = start()
    words = ["status", "--url", one.url, *no_admin, "--watch", "--json", *OFTEN]
    with subprocess.Popen([service.find_binary(), *words], stdout=subprocess.PIPE, text=True,
                          env=service.clean_environment(tmp_path)) as process:
        looks = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=service.DEADLINE) == 130
    assert [look["verdict"] for look in looks] == ["ready"] * 3
    assert looks[0]["time"] < looks[1]["time"] < looks[2]["time"]


def test_watching_shows_a_service_going_away_and_coming_back(start, tmp_path, no_admin):
    one = start()
    with Watched(tmp_path, "status", "--url", one.url, *no_admin, "--watch", *OFTEN) as screen:
        seen = screen.wait_for("READY")
        one.terminate()
        seen = screen.wait_for("UNREACHABLE", seen)
        seen = screen.wait_for(", since ", seen)
        start("--port", str(one.port), ports=("--admin-port", "0"))
        screen.wait_for("READY", seen)
        assert screen.process.poll() is None


@pytest.fixture
def watched(start, tmp_path):
    """A screen that shows a service, its figures and their charts."""
    one = start()
    total = 0

    def metrics():
        nonlocal total
        total += 10
        return BUCKET % ("0.1", total) + BUCKET % ("+Inf", total) + COUNT % total

    with answering(metrics) as admin, Watched(tmp_path, "status", "--url", one.url, "--admin-url",
                                              admin, "--watch", *OFTEN) as screen:
        screen.wait_for("rate  ")
        yield screen


def last_frame(screen):
    """The last one that is whole: lines, without what only a terminal understands."""
    frame = screen.output().split("\x1b[H")[-2]
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", frame).splitlines()


def test_a_screen_is_drawn_in_place_and_fits_on_a_terminal(watched):
    watched.wait_for("█")  # the largest value so far
    assert watched.output().startswith(SECOND_SCREEN + NO_CURSOR)
    frame = last_frame(watched)
    assert frame[0].startswith("READY  comments ")
    assert any(line.startswith("requests ") for line in frame)
    assert len(frame) < 24
    assert max(map(len, frame)) <= 80


@pytest.mark.parametrize("end", ["Ctrl-C", "SIGTERM"])
def test_whatever_ends_watching_the_terminal_is_as_it_was(watched, end):
    if end == "Ctrl-C":
        watched.press("\x03")
    else:
        watched.send_signal(signal.SIGTERM)
    assert watched.wait_for_exit() == 130
    output = watched.output()
    assert output.endswith(CURSOR + FIRST_SCREEN)
    assert output.count(SECOND_SCREEN) == output.count(FIRST_SCREEN) == 1


def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(watched):
    watched.press("\x1a")
    service.wait_until(lambda: watched.state() == "T", "the command to be stopped")
    seen = watched.wait_for(FIRST_SCREEN)
    watched.send_signal(signal.SIGCONT)
    seen = watched.wait_for(SECOND_SCREEN, seen)
    watched.wait_for("READY", seen)


def test_a_terminal_of_another_size_changes_nothing(watched):
    for lines, columns in ((10, 40), (50, 200), (24, 80)):
        watched.resize(lines, columns)
        watched.wait_for("READY", len(watched.output()))
    assert watched.process.poll() is None
    assert last_frame(watched)[0].startswith("READY  comments ")


def test_watching_ends_quietly_when_nobody_reads_it_any_more(start, tmp_path, no_admin):
    one = start()
    reader, writer = os.pipe()
    with subprocess.Popen([service.find_binary(), "status", "--url", one.url, *no_admin, "--watch",
                           *OFTEN], stdout=writer, stderr=subprocess.PIPE,
                          env=service.clean_environment(tmp_path)) as process:
        os.close(writer)
        assert os.read(reader, 65536).startswith(b"READY  comments ")
        os.close(reader)
        assert process.wait(timeout=service.DEADLINE) == 0
        assert process.stderr.read() == b""
