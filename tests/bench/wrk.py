"""Load from wrk(1), and what it cost whoever was under it.

wrk runs on the same cores. Its own report is for people; report.lua prints one line of JSON beside
it, which is what is read here.
"""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
THREADS = 2
MARK = "bench-report "


def parse_report(output):
    """The figures in what wrk printed. `errors`: answers from 400 on, what broke or timed out."""
    line = next((line for line in output.splitlines() if line.startswith(MARK)), None)
    if line is None:
        raise RuntimeError(f"wrk made no report: {output.strip()[-500:]}")
    raw = json.loads(line[len(MARK):])
    seconds = raw["duration_us"] / 1e6
    return {
        "requests": raw["requests"],
        "requests_per_s": raw["requests"] / seconds,
        "mib_per_s": raw["bytes"] / seconds / 2**20,
        "p50_ms": raw["p50_us"] / 1e3,
        "p99_ms": raw["p99_us"] / 1e3,
        "errors": sum(raw["errors"].values()),
    }


def run(url, connections, seconds, headers=(), script="report.lua", words=()):
    """`words` go to the script."""
    command = ["wrk", f"-t{min(THREADS, connections)}", f"-c{connections}", f"-d{seconds}s",
               "--timeout", "10s", "-s", str(HERE / script)]
    for header in headers:
        command += ["-H", header]
    done = subprocess.run([*command, url, *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "LUA_PATH": f"{HERE}/?.lua;;"}, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    return parse_report(done.stdout)


def measure(group, url, connections, seconds, **how):
    """A run of wrk, with the CPU time a request took in all processes of the group."""
    before = group.cpu_seconds()
    figures = run(url, connections, seconds, **how)
    spent = group.cpu_seconds() - before
    if requests := figures.pop("requests"):
        figures["cpu_us"] = spent * 1e6 / requests
    else:
        figures["errors"] += connections  # nobody was answered
    return {**figures, "memory_mib": group.memory_mib()}
