"""A `comments serve` of our own: started on a store, asked over HTTP, stopped. Never waited for
without a bound, and never by time alone."""

import dataclasses
import http.client
import json
import os
import selectors
import signal
import subprocess

BINARY = os.environ.get("COMMENTS_BINARY", "")
SECONDS = 60  # what has not answered by then hangs


class Hangs(Exception):
    """Something did not answer within the bound."""


@dataclasses.dataclass
class Answer:
    status: int
    body: object  # of the JSON; None: it was none


def as_json(text):
    try:
        return json.loads(text)
    except ValueError:  # UnicodeDecodeError among them
        return None


class Service:
    """`url` is None where it refused to start; `code` and `errors` then say how."""

    def __init__(self, store):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--store", f"sqlite:{store}", "--port", "0", "--admin-port", "0",
             "--log-format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.url = None
        self.code = None
        self.errors = ""
        self._wait_until_serving()

    def _wait_until_serving(self):
        log = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while self.url is None:
                if not selector.select(SECONDS):
                    self.process.kill()
                    raise Hangs("it neither serves nor ends")
                chunk = os.read(self.process.stdout.fileno(), 65_536)
                if not chunk:
                    self._ended()
                    return
                log += chunk
                for line in log.splitlines():
                    entry = as_json(line)
                    if entry and entry.get("message") == "serving":
                        self.url = entry["url"]

    def _ended(self):
        try:
            _, errors = self.process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Hangs("it does not end") from None
        self.errors = errors.decode("utf-8", "replace")
        self.code = self.process.returncode

    def ask(self, method, path, body=None):
        host, port = self.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return Answer(response.status, as_json(response.read()))
        except TimeoutError:
            raise Hangs(f"{method} {path} gets no answer") from None
        finally:
            connection.close()

    def stop(self, how=signal.SIGTERM):
        if self.code is None:
            self.process.send_signal(how)
            self._ended()
        return self.code
