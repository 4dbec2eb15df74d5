"""Verbs for driving the program: run it, start a service, send requests, stop or kill it."""

import dataclasses
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse

DEADLINE = 20  # seconds, for anything that takes milliseconds on an idle machine


def find_binary(variable="COMMENTS_BINARY"):
    path = os.environ.get(variable)
    assert path, f"{variable} must name the program under test; ctest sets it"
    return path


def is_sanitized():
    """Such a program takes more memory than ours alone would."""
    return "build/asan" in find_binary() or "build/tsan" in find_binary()


def wait_until(condition, what, deadline=DEADLINE, pause=0.002):
    """Returns the condition's first true answer; fails loudly with what it was waiting for."""
    end = time.monotonic() + deadline
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline} s in vain: {what}")
        time.sleep(pause)


def check_stays(condition, what, seconds=1.5):
    """For what must not change by itself: it is looked at again and again for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), f"did not last: {what}"
        time.sleep(0.01)


def clean_environment(folder, **variables):
    """What the program shall see: nothing of this machine's settings, proxies or colours."""
    no_settings = pathlib.Path(folder) / "no-settings.toml"
    no_settings.touch()
    kept = {name: value for name, value in os.environ.items()
            if name == "PATH" or name.endswith("SAN_OPTIONS")}
    return {**kept, "LC_ALL": "C.UTF-8", "HOME": str(folder),
            "COMMENTS_CONFIG": str(no_settings), **variables}


def run_comments(folder, *words, before=(), stdin="", **variables):
    """Runs a command to its end; `before` is a program that starts ours, such as setpriv."""
    return subprocess.run([*before, find_binary(), *words], input=stdin, text=True, cwd=folder,
                          env=clean_environment(folder, **variables), capture_output=True,
                          timeout=60, check=False)


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


def read_answer(connection):
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def exchange(connection, method, target, body=None, headers=None):
    connection.request(method, target, body=body, headers=headers or {})
    return read_answer(connection)


def new_comment(content_id, comment, email="alice@example.com"):
    return json.dumps({"email": email, "comment": comment, "content_id": content_id}).encode()


def list_path(content_id, query=""):
    return f"/api/comment/list/{urllib.parse.quote(str(content_id), safe='')}{query}"


class Service:
    """One running `comments serve`. Its log lines are JSON, its output is no terminal."""

    def __init__(self, process, log, errors):
        self.process = process
        self.log_file = log
        self.errors_file = errors
        self.url = self.port = None

    def log_lines(self):
        text = self.log_file.read_text(encoding="utf-8")
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def find_in_log(self, message):
        return next((line for line in self.log_lines() if line["message"] == message), None)

    def errors(self):
        return self.errors_file.read_text(encoding="utf-8")

    def check_errors(self):
        """A service logs to standard output; on the other stands what a sanitizer found, say."""
        assert self.errors() == ""

    def is_alive(self):
        return self.process.poll() is None

    def wait_until_serving(self):
        def serving():
            assert self.is_alive(), f"exit code {self.process.returncode}: {self.errors()}"
            return self.find_in_log("serving")
        self.url = wait_until(serving, "the log line 'serving'", pause=0.001)["url"]
        self.port = urllib.parse.urlsplit(self.url).port

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def request(self, method, target, body=None, headers=None):
        connection = self.connect()
        try:
            return exchange(connection, method, target, body, headers)
        finally:
            connection.close()

    def get(self, target, headers=None):
        return self.request("GET", target, headers=headers)

    def post(self, body, headers=None):
        return self.request("POST", "/api/comment/new", body,
                            {"Content-Type": "application/json", **(headers or {})})

    def memory(self):
        """What is resident, in KiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    def list(self, content_id):
        """The thread as its full view shows it, [] where nobody has commented."""
        answer = self.get(list_path(content_id, "?view=full"))
        return [] if answer.status == 404 else answer.json()

    def count(self, content_id):
        return self.get(f"/api/comment/count?content_id={content_id}").json()[str(content_id)]

    def health(self):
        answer = self.get("/health/ready")
        return answer.status, answer.json()

    def send_signal(self, number):
        self.process.send_signal(number)

    def wait_for_exit(self):
        return self.process.wait(timeout=60)

    def terminate(self):
        self.send_signal(signal.SIGTERM)
        return self.wait_for_exit()

    def kill(self):
        if self.is_alive():
            self.process.kill()
        self.process.wait(timeout=60)


ANY_PORTS = ("--port", "0", "--admin-port", "0")  # the kernel chooses


def launch(folder, *options, binary=None, ports=ANY_PORTS, **variables):
    """Starts `comments serve` and waits for nothing."""
    folder = pathlib.Path(folder)
    number = len(list(folder.glob("serve-*.log")))
    log, errors = folder / f"serve-{number}.log", folder / f"serve-{number}.err"
    words = [binary or find_binary(), "serve", *ports, *options]
    with log.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=err, env=clean_environment(folder, **variables))
    return Service(process, log, errors)
