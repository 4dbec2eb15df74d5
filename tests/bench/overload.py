"""`scripts/bench overload`: goodput must not fall when ten times too many clients come.

A client waits for its answer before its next request, and is not put off by a refusal: it asks
again at once. One request in five is a durable post to one of 50 threads, the others read the
newest 20 of one. First the number of clients is sought at which most is answered; then ten times as many
come, in three spells, each compared with the peak as it is measured right before.

Before and after, 16 clients tell what is normal: `recovery` is when, after the overload, their p99
in a tenth of a second is back at twice the usual one for three windows in a row.
"""

import collections
import itertools
import json
import pathlib
import resource
import statistics
import subprocess

import output
import processes
import serving

POSTS_PERCENT = 20
CANDIDATES = (8, 16, 32, 64, 128, 256, 512, 1_024)
NORMAL = 16
WINDOW_S = 0.1
IN_A_ROW = 3
TIMES = 10
SPELLS = 3
PEAK, OVERLOAD = "the peak", f"{TIMES} times as many"
runs = itertools.count()


def load(port, clients, seconds):
    program = processes.ROOT / "build/release/tests/bench/closed_loop"
    done = subprocess.run([program, str(port), str(clients), str(seconds), str(POSTS_PERCENT),
                           f"run-{next(runs)}"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"closed_loop failed: {done.stderr}")
    return json.loads(done.stdout)


def children_seconds():
    """CPU time of the processes that have ended: the load's."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(running, clients, seconds):
    cpu, own = running.group.cpu_seconds(), children_seconds()
    result = load(running.port, clients, seconds)
    cpu, own = running.group.cpu_seconds() - cpu, children_seconds() - own
    return {"requests_per_s": result["answered_per_s"], "p50_ms": result["p50_ms"],
            "p99_ms": result["p99_ms"], "refused_per_s": result["refused_per_s"],
            "refused_p99_ms": result["refused_p99_ms"], "errors": sum(result["others"].values()),
            "cpu_cores": cpu / seconds, "load_cores": own / seconds,
            "memory_mib": running.group.memory_mib()}, result


def recovery(usual, windows):
    """Seconds until the windows are normal, IN_A_ROW of them; a window without answers is not."""
    limit = 2 * usual
    normal = {at for at, _, p99 in windows if p99 <= limit}
    last = max((at for at, _, _ in windows), default=0)
    for at in range(last + 2 - IN_A_ROW):
        if all(later in normal for later in range(at, at + IN_A_ROW)):
            return at * WINDOW_S
    return (last + 1) * WINDOW_S


def find_peak(running, measured, seconds):
    best, peak = 0, 0.0
    for clients in CANDIDATES:
        output.say(f"{clients} clients")
        figures, _ = measure(running, clients, seconds)
        measured.add("overload", "looking for the peak", clients, figures)
        if figures["requests_per_s"] > peak:
            best, peak = clients, figures["requests_per_s"]
    return best


def spell(running, measured, best, usual, seconds):
    """The peak and the overload, one right after the other, and how they ended."""
    peak, _ = measure(running, best, max(1, seconds // 4))
    measured.add("overload", PEAK, best, peak)
    output.say(f"{TIMES * best:,} clients for {seconds} s")
    over, result = measure(running, TIMES * best, seconds)
    after = load(running.port, NORMAL, 3)
    over["recovery_s"] = recovery(usual, after["windows"])
    measured.add("overload", OVERLOAD, TIMES * best, over)
    return result["others"], [p99 for _, _, p99 in after["windows"]]


def run(options, folder, measured, facts):
    seconds = max(1, (options.seconds or (6 if options.quick else 60)) // SPELLS)
    home = pathlib.Path(folder) / "overload"
    home.mkdir()
    running = serving.start(home)
    try:
        for thread in range(50):
            serving.post(running.url(""), thread, "the first")
        best = find_peak(running, measured, 1 if options.quick else 3)
        _, before = measure(running, NORMAL, 3)
        usual = statistics.median(p99 for _, _, p99 in before["windows"])
        ends = [spell(running, measured, best, usual, seconds) for _ in range(SPELLS)]
    finally:
        running.group.end()
    others = sum((collections.Counter(kinds) for kinds, _ in ends), collections.Counter())
    share = measured.ratio("overload", "requests_per_s", (OVERLOAD, TIMES * best), (PEAK, best))
    facts["overload"] = {"share_of_peak": share, "peak_clients": best, "usual_p99_ms": usual,
                         "others": others, "after_p99_ms": [windows for _, windows in ends]}
    facts.setdefault("notes", []).append(
        f"overload: what was neither 2xx nor 503: {dict(others) or 'nothing'}; "
        f"usual p99 of {NORMAL} clients {usual:.2f} ms")
