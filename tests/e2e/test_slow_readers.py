"""Who asks for much and takes nothing of it holds little: long answers are few, and counted."""

import contextlib
import json
import socket

import service

MEBIBYTE = 1024
READERS = 12
HUGE = "\U0001f600" * 10_000  # 120 KB as JSON: 150 of them are a list of 18 MB


def fill(one):
    body = json.dumps({"email": "alice@example.com", "comment": HUGE, "content_id": "huge"},
                      ensure_ascii=False).encode()
    for _ in range(150):
        assert one.post(body).status == 200


@contextlib.contextmanager
def stalled(one, target):
    """Readers that take no more than the status of their answer: how many got each status."""
    with contextlib.ExitStack() as stack:
        statuses = {}
        for _ in range(READERS):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(service.DEADLINE)
            reader.connect(("127.0.0.1", one.port))
            reader.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            status = int(reader.recv(12).split()[1])
            statuses[status] = statuses.get(status, 0) + 1
        yield statuses


def test_lists_that_nobody_takes_are_two_and_the_next_reader_is_told_when_to_come(start):
    one = start("--store", "memory:")
    fill(one)
    memory = one.memory()
    with stalled(one, service.list_path("huge")) as statuses:
        assert statuses == {200: 2, 503: READERS - 2}
        refused = one.get(service.list_path("huge"))
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        assert one.get(service.list_path("huge", "?limit=5")).status == 200
        more = one.memory() - memory
        print(f"{READERS} stalled readers of a list of 18 MB: {more / MEBIBYTE:.0f} MiB more")
        assert more < 160 * MEBIBYTE or service.is_sanitized()
    service.wait_until(lambda: one.get(service.list_path("huge")).status == 200,
                       "the place of a reader that has gone")


def test_streams_that_nobody_takes_hold_what_they_catch_up_with_and_no_more(start):
    one = start("--store", "memory:")
    fill(one)
    memory = one.memory()
    with stalled(one, "/api/comment/stream/huge?after=0") as statuses:
        assert statuses == {200: READERS}
        more = one.memory() - memory
        print(f"{READERS} stalled followers of 18 MB: {more / MEBIBYTE:.0f} MiB more")
        assert more < 160 * MEBIBYTE or service.is_sanitized()
