"""From exec to the first 200 of /health/ready, and what a service that nobody asks holds."""

import http.client
import statistics
import time

import output
import processes
import serving

TIMES = 20


def first_ready(running):
    """The moment of the first 200; asks every millisecond."""
    end = time.monotonic() + processes.PATIENCE
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return time.monotonic()
        except OSError:
            time.sleep(0.001)
        finally:
            connection.close()
    raise RuntimeError("comments serve was never ready")


def start_once(folder, store):
    began = time.monotonic()
    running = serving.launch(folder, store=store)
    try:
        seconds = first_ready(running) - began
        return seconds * 1e3, running.group.memory_mib()
    finally:
        running.group.end()


def measure(bench, row, store_of):
    output.say(f"start-up, {row}")
    home = bench.folder / f"startup-{row.replace(' ', '-')}"
    home.mkdir()
    times, memory = zip(*(start_once(home, store_of(number))
                          for number in range(TIMES // 4 if bench.quick else TIMES)))
    bench.measured.add("start-up", row, len(times), {
        "ready_ms": statistics.median(times), "ready_max_ms": max(times),
        "memory_mib": statistics.median(memory)})


def run(bench):
    measure(bench, "no database", lambda number: f"new-{number}.db")
    database = bench.filled_store()
    measure(bench, f"{bench.comments:,} comments", lambda number: database)
