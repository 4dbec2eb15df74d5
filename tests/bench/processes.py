"""Processes as a bench needs them: each in a group of its own, measured and ended as a group.

Promised: whoever is started by a Group is gone when its `with` block is left, by whatever way, with
all its children. The CPU time of a group is that of all its processes, in steps of 10 ms.
"""

import dataclasses
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = "/api/comment/list/1"  # what everybody is asked for
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 30  # seconds, for what takes less than one on an idle machine


def free_port():
    """A port that the kernel has just chosen, for programs that cannot ask it themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, headers=None, timeout=5):
    """The body; an answer that is no 2xx raises OSError."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}),
                                timeout=timeout) as answer:
        return answer.read()


def wait_for(attempt, what, is_alive=lambda: True):
    """The first answer that `attempt` gives without an OSError."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError as error:
            if time.monotonic() > end or not is_alive():
                raise RuntimeError(f"{what} did not come up: {error}") from error
        time.sleep(0.01)


def parse_stat(text):
    """(state, process group, CPU ticks) of a line of /proc/PID/stat; a name may hold anything."""
    fields = text[text.rindex(")") + 2:].split()
    return fields[0], int(fields[2]), int(fields[11]) + int(fields[12])


class Group:
    """A program and its children."""

    def __init__(self, words, folder, log="output.log", **variables):
        self.log = pathlib.Path(folder) / log
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in words], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, **variables}, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.end()

    def is_alive(self):
        return self.process.poll() is None

    def end(self, patience=5):
        """Asks politely, then does not ask; returns when nobody is left."""
        for number, patience in ((signal.SIGTERM, patience), (signal.SIGKILL, PATIENCE)):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass
            end = time.monotonic() + patience
            while time.monotonic() < end:
                self.process.poll()  # takes leave of the first, which would stay in the group
                if not self.members():
                    return
                time.sleep(0.01)

    def members(self):
        """(PID, CPU ticks) of each process of the group that still runs."""
        found = []
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    text = pathlib.Path(entry.path, "stat").read_text("utf-8", "replace")
                except OSError:  # it has just ended
                    continue
                state, group, ticks = parse_stat(text)
                if group == self.process.pid and state != "Z":
                    found.append((entry.name, ticks))
        return found

    def cpu_seconds(self):
        return sum(ticks for _, ticks in self.members()) / TICKS

    def memory_mib(self):
        """Proportional set size: what several processes share counts once."""
        kib = 0
        for pid, _ in self.members():
            try:
                with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
                    kib += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except (OSError, StopIteration):  # it has just ended
                continue
        return kib / 1024

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclasses.dataclass
class Running:
    """A group that serves on a port."""
    group: Group
    port: int

    def url(self, target=LIST):
        return f"http://127.0.0.1:{self.port}{target}"
