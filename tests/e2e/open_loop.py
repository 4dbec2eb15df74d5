"""Clients that come at a rate, however slowly they are answered, as readers do."""

import collections
import dataclasses
import selectors
import socket
import time

import service


@dataclasses.dataclass
class Outcome:
    name: str
    status: int
    seconds: float
    retry_after: str | None = None


def post(content_id, comment):
    body = service.new_comment(content_id, comment)
    return (f"POST /api/comment/new HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def get(content_id):
    return f"GET {service.list_path(content_id, '?limit=20')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


class Line:
    """One keep-alive connection with at most one request on its way."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), service.DEADLINE)
        self.name = self.began = None
        self.received = b""

    def send(self, name, request):
        self.name, self.began, self.received = name, time.monotonic(), b""
        self.socket.sendall(request)

    def receive(self):
        """The outcome, once the answer is whole."""
        piece = self.socket.recv(65536)
        assert piece, "the service closed a connection"
        self.received += piece
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return None
        status, _, fields = head.partition(b"\r\n")
        fields = dict(line.split(": ", 1) for line in fields.decode().split("\r\n"))
        if len(body) < int(fields["Content-Length"]):
            return None
        return Outcome(self.name, int(status.split()[1]), time.monotonic() - self.began,
                       fields.get("Retry-After"))


def run(one, streams, seconds, lines=300):
    """streams: name → (requests a second, request of a number). Every Outcome, in no order."""
    outcomes, numbers = [], dict.fromkeys(streams, 0)
    with selectors.EpollSelector() as selector:
        # In turns, so that none is idle for so long that the service closes it.
        idle = collections.deque(Line(one.port) for _ in range(lines))
        for line in idle:
            selector.register(line.socket, selectors.EVENT_READ, line)
        began, busy = time.monotonic(), 0
        while (elapsed := time.monotonic() - began) < seconds or busy:
            for name, (rate, request) in streams.items():
                due = int(rate * min(elapsed, seconds))
                while numbers[name] < due and idle:
                    idle.popleft().send(name, request(numbers[name]))
                    numbers[name] += 1
                    busy += 1
            assert elapsed < seconds + service.DEADLINE, f"{busy} requests have no answer"
            for key, _ in selector.select(0.001):
                if outcome := key.data.receive():
                    outcomes.append(outcome)
                    idle.append(key.data)
                    busy -= 1
        for line in idle:
            line.socket.close()
    return outcomes


def of(outcomes, name, *statuses):
    """The times of those, sorted, in seconds."""
    return sorted(one.seconds for one in outcomes
                  if one.name == name and (not statuses or one.status in statuses))


def p99(times):
    return times[len(times) * 99 // 100]
