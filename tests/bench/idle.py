"""Ten thousand connections that say nothing: what they cost, and whom they keep waiting."""

import pathlib
import subprocess
import sys

import output
import serving
import wrk

CONNECTIONS = 10_000
LOAD = 64


def hold(port, count):
    """A process of its own, for descriptors are counted by process; it ends with its input."""
    holder = subprocess.Popen([sys.executable, str(pathlib.Path(__file__).with_name("holder.py")),
                               str(port), str(count)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, start_new_session=True)
    if holder.stdout.readline().strip() != "held":
        holder.kill()
        raise RuntimeError(f"{count} connections could not be opened; is `ulimit -Hn` above that?")
    return holder


def measure(bench, running, row):
    bench.measured.add("idle connections", row, LOAD,
                       wrk.measure(running.group, running.url(), LOAD, bench.seconds))


def compare(bench, running):
    for number in range(20):
        serving.post(running.url(""), 1, serving.text_of(number))
    wrk.run(running.url(), LOAD, 1)
    measure(bench, running, "none")
    with hold(running.port, CONNECTIONS) as holder:
        try:
            measure(bench, running, f"{CONNECTIONS:,}")
        finally:
            holder.stdin.close()
            holder.wait()


def run(bench):
    for number in range(bench.rounds):  # a new one each: memory that was used once is kept
        output.say(f"without and with {CONNECTIONS:,} idle connections")
        home = bench.folder / f"idle-{number}"
        home.mkdir()
        running = bench.keep(serving.start(home))
        compare(bench, running)
        running.group.end()
