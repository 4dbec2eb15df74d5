"""Under a steady load of everything, memory, descriptors and threads stay what they are (row 17).

SOAK_SECONDS (300) is how long it runs, on a database that has 200,000 comments already.
"""

import json
import os
import statistics
import threading
import time

import pytest

import open_loop
import service

POSTS, LISTS, WHOLE = 200, 400, 20  # a second
SAMPLE_EVERY = 0.5


class Watch:
    """Looks at the service from a thread of its own: (seconds, memory in KiB, descriptors, threads)."""

    def __init__(self, one):
        self.one = one
        self.samples = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *failure):
        self.over.set()
        self.thread.join()

    def run(self):
        process = f"/proc/{self.one.process.pid}"
        began = time.monotonic()
        while not self.over.wait(SAMPLE_EVERY):
            self.samples.append((time.monotonic() - began, self.one.memory(),
                                 len(os.listdir(f"{process}/fd")), len(os.listdir(f"{process}/task"))))


# Threads come and go as articles do: twenty comments each, so that answers keep their size.
def thread(posted):
    return f"thread-{int(posted) // 20}"


def posts(number):
    return open_loop.post(thread(number), f"comment {number}")


def pages(number):
    return open_loop.get(thread(number * POSTS / LISTS - number % 100))


def whole_lists(number):
    path = service.list_path(thread(number * POSTS / WHOLE), f"?view=full&after={number % 7}")
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def fill(one, folder, threads):
    """Old threads, all read once: what keeps pages of the database has kept what it keeps."""
    path = folder / "old.ndjson"
    path.write_text("".join(
        json.dumps({"content_id": f"old-{number // 20}", "email": "a@b", "comment": f"text {number}"}) + "\n"
        for number in range(20 * threads)), encoding="utf-8")
    assert service.run_comments(folder, "post", "--from", path, "--url", one.url).returncode == 0
    connection = one.connect()
    for number in range(threads):
        answer = service.exchange(connection, "GET", service.list_path(f"old-{number}", "?view=full"))
        assert answer.status == 200
    connection.close()


def check_steady(start, folder, seconds, old_threads):
    one = start("--cache-size", "1MiB")
    fill(one, folder, old_threads)
    load = {"post": (POSTS, posts), "page": (LISTS, pages), "whole": (WHOLE, whole_lists)}
    with Watch(one) as watch:
        outcomes = open_loop.run(one, load, seconds, lines=50)
    assert {outcome.status for outcome in outcomes} <= {200, 404}
    busy = [sample for sample in watch.samples if sample[0] < seconds]
    slope = statistics.linear_regression([s[0] for s in busy], [s[1] for s in busy]).slope
    quarter = len(busy) // 4
    first, last = (statistics.median(s[1] for s in part) for part in (busy[:quarter], busy[-quarter:]))
    print(f"{len(outcomes)} requests in {seconds} s: memory {first:.0f} KiB, then {last:.0f} KiB "
          f"({slope * 3600 / 1024:+.2f} MiB an hour); descriptors {min(s[2] for s in busy)} to "
          f"{max(s[2] for s in busy)}; {busy[0][3]} threads")
    assert len({threads for _, _, _, threads in busy}) == 1
    assert max(s[2] for s in busy) <= min(s[2] for s in busy[1:]) + 60  # the load's own come and go
    return last - first


def test_a_short_steady_load_keeps_descriptors_and_threads(start, tmp_path):
    check_steady(start, tmp_path, 3, 50)


@pytest.mark.slow
def test_a_long_steady_load_costs_no_memory(start, tmp_path):
    grown = check_steady(start, tmp_path, int(os.environ.get("SOAK_SECONDS", "300")), 10_000)
    assert grown < 1024, "KiB more at the end than at the beginning"
