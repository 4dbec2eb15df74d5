"""Clients that hold connections and give nothing cost the others nothing (rows 5, 6 and 7)."""

import contextlib
import resource
import select
import socket
import time

import pytest

import service

GET = b"GET /api/comment/list/1 HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD_DEADLINE = 10
MEBIBYTE = 1024


def allow_many_descriptors():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def status_of(one, name):
    """A figure of /proc/PID/status; memory in KiB."""
    with open(f"/proc/{one.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


class Crowd:
    """Many raw connections to the service at once."""

    def __init__(self, one, size):
        self.port = one.port
        self.stack = contextlib.ExitStack()
        self.members = [self.stack.enter_context(self.connect()) for _ in range(size)]

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.stack.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=service.DEADLINE)


def answer_times(one, requests):
    """Every request must be answered; how long each took, in seconds, sorted."""
    times = []
    connection = one.connect()
    for _ in range(requests):
        began = time.monotonic()
        assert service.exchange(connection, "GET", "/api/comment/list/1").status == 200
        times.append(time.monotonic() - began)
    connection.close()
    return sorted(times)


def report(what, times):
    print(f"{what}: {len(times)} requests beside them, p50 {times[len(times) // 2] * 1e3:.2f} ms, "
          f"p99 {times[len(times) * 99 // 100] * 1e3:.2f} ms")


def check_idle_or_half_open(one, size):
    one.post(service.new_comment(1, "text"))
    answer_times(one, 10)
    memory, threads = status_of(one, "VmRSS"), status_of(one, "Threads")
    with Crowd(one, size) as crowd:
        half_open = crowd.members[::2]
        for member in half_open:
            member.sendall(GET[:20])
        report(f"{size} idle or half-open connections", answer_times(one, 1_000))
        assert status_of(one, "Threads") == threads
        more = status_of(one, "VmRSS") - memory
        print(f"{more} KiB more, {threads} threads before and after")
        assert more < 60 * MEBIBYTE or service.is_sanitized()
        for member in half_open:  # each is told, once its time is over
            assert member.recv(64).startswith(b"HTTP/1.1 408")
        for member in crowd.members[1::2]:  # the idle ones are still welcome
            member.sendall(GET)
            assert member.recv(64).startswith(b"HTTP/1.1 200")


def those_told(members):
    """The connections on which an answer has come."""
    poller, by_number = select.poll(), {member.fileno(): member for member in members}
    for number in by_number:
        poller.register(number, select.POLLIN)
    return {by_number[number] for number, _ in poller.poll(0)}


def check_drips(one, size):
    one.post(service.new_comment(1, "text"))
    body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
    with Crowd(one, size) as crowd:
        alive = set(crowd.members)
        for member in crowd.members[::2]:
            member.sendall(body)
        began, times = time.monotonic(), []
        while alive and time.monotonic() - began < 2 * HEAD_DEADLINE:
            told = those_told(alive)
            alive -= told
            for member in told:
                assert member.recv(64).startswith(b"HTTP/1.1 408")
            for member in alive:
                with contextlib.suppress(ConnectionError):  # cut this very moment
                    member.send(b"G")
            times += answer_times(one, 100)
            time.sleep(0.5)  # a byte every now and then: that is the attack
        assert not alive, f"{len(alive)} of {size} still drip"
        report(f"{size} drips", sorted(times))


def test_idle_and_half_open_connections_keep_nobody_waiting(start):
    allow_many_descriptors()
    check_idle_or_half_open(start(), 1_000)


def test_drips_are_cut_at_the_deadline(start):
    allow_many_descriptors()
    check_drips(start(), 200)


@pytest.mark.slow
def test_10_000_idle_and_half_open_connections(start):
    allow_many_descriptors()
    check_idle_or_half_open(start(), 10_000)


@pytest.mark.slow
def test_2_000_drips(start):
    allow_many_descriptors()
    check_drips(start(), 2_000)


ENDLESS = {
    "a request line": (b"GET /", b"a" * 65_536, b"HTTP/1.1 414"),
    "a header": (b"GET / HTTP/1.1\r\nX: ", b"a" * 65_536, b"HTTP/1.1 431"),
    "headers": (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 10_000, b"HTTP/1.1 431"),
    "a chunked body": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                       b"1000\r\n" + b"x" * 4096 + b"\r\n", b"HTTP/1.1 413"),
    "a chunk": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
                b"x" * 65_536, b"HTTP/1.1 413"),
    "a body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
               b"x" * 65_536, b"HTTP/1.1 413"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_has_no_end_is_refused_soon(shared, what):
    begin, more, refusal = ENDLESS[what]
    memory = status_of(shared, "VmRSS")
    with socket.create_connection(("127.0.0.1", shared.port), timeout=service.DEADLINE) as client:
        client.sendall(begin)
        sent = 0
        with contextlib.suppress(ConnectionError):  # we go on sending, and are cut off in the end
            while sent < 100_000_000:
                sent += client.send(more)
                if select.select([client], [], [], 0)[0]:
                    break
        assert client.recv(64).startswith(refusal)
    assert sent < 8_000_000, f"{sent} bytes were taken"
    assert status_of(shared, "VmRSS") - memory < 16 * MEBIBYTE
    assert shared.get("/health/live").status == 200
