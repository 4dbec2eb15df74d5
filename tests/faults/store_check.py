"""Runs store_driver, and judges what a store holds against what was promised.

A promise is an acknowledgment that the driver wrote. A verdict counts what broke: comments lost
(acknowledged, and not there under their id with their text), duplicated (one post, two comments),
gaps (the ids of a thread are not 1, 2, 3 …), and says what is wrong with the file.
"""

import collections
import dataclasses
import json
import os
import sqlite3
import subprocess

DRIVER = os.environ.get("STORE_DRIVER", "")
LIBRARY = os.environ.get("DISK_FAULTS", "")
SECONDS = 120  # a bound for a call that hangs; nothing is expected to take long


@dataclasses.dataclass
class Run:
    code: int
    out: str
    err: str

    @property
    def counts(self):
        return json.loads(self.out.splitlines()[-1])

    def __str__(self):
        return f"exit {self.code}, stdout {self.out[-500:]!r}, stderr {self.err[-1000:]!r}"


def run_driver(folder, arguments, faults=None):
    """`faults` are variables of libdisk_faults.so, which is there in any case."""
    library = {"LD_PRELOAD": LIBRARY, "FAULT_DIR": os.path.realpath(folder)}
    done = subprocess.run(
        [DRIVER, *map(str, arguments)],
        env={**os.environ, **library, **(faults or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def post(folder, faults=None, **options):
    """Posts into folder/comments.db."""
    words = ["post", folder / "comments.db", folder / "acks"]
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        words += [flag] if value is True else [flag, value]
    return run_driver(folder, words, faults)


def acknowledged_in(folder):
    """The promises of a run, in order."""
    acks = folder / "acks"
    return [json.loads(line) for line in acks.read_bytes().splitlines()] if acks.exists() else []


@dataclasses.dataclass
class Verdict:
    lost: int = 0
    duplicated: int = 0
    gaps: int = 0
    faults: list = dataclasses.field(default_factory=list)
    comments: int = 0

    @property
    def good(self):
        return not (self.lost or self.duplicated or self.gaps or self.faults)

    def __str__(self):
        return (
            f"{self.lost} lost, {self.duplicated} duplicated, {self.gaps} gaps, "
            f"{self.comments} comments, {self.faults or 'intact'}"
        )


@dataclasses.dataclass
class Tally:
    """The verdicts on many power cuts."""

    cuts: int = 0
    lost: int = 0
    duplicated: int = 0
    gaps: int = 0
    corrupt: int = 0
    cuts_with_loss: int = 0
    first_fault: str = ""

    def add(self, verdict):
        self.cuts += 1
        self.lost += verdict.lost
        self.duplicated += verdict.duplicated
        self.gaps += verdict.gaps
        self.corrupt += bool(verdict.faults)
        self.cuts_with_loss += bool(verdict.lost)
        if not verdict.good:
            self.first_fault = self.first_fault or f"cut {self.cuts}: {verdict}"

    def __str__(self):
        return (
            f"{self.cuts} cuts, {self.lost} lost, {self.duplicated} duplicated, {self.gaps} gaps, "
            f"{self.corrupt} corrupt; {self.cuts_with_loss} cuts with a loss"
        )


def integrity(path):
    """What SQLite's own check says of a file that no process has open, and of its mode: outside
    WAL, synchronous=FULL would not be enough."""
    database = sqlite3.connect(path)
    rows = [row[0] for row in database.execute("PRAGMA integrity_check")]
    mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    database.close()
    return ([] if rows == ["ok"] else rows) + ([] if mode == "wal" else [f"journal mode {mode}"])


def judge(promises, comments, totals):
    """`promises` and `comments` as the driver prints them."""
    verdict = Verdict(comments=len(comments))
    there = {(c["content_id"], c["id"]): c for c in comments}
    # The same post may be acknowledged twice, when it was retried; its comment is one.
    for promise in promises:
        found = there.get((promise["content_id"], promise["id"]))
        same = found and all(found[field] == promise[field] for field in ("key", "crc", "email"))
        verdict.lost += 0 if same else 1
    posts = collections.Counter((c["email"], c["crc"], c["bytes"]) for c in comments)
    verdict.duplicated = sum(count - 1 for count in posts.values())
    for content_id, total in totals.items():
        ids = sorted(c["id"] for c in comments if c["content_id"] == content_id)
        verdict.gaps += 0 if ids == list(range(1, total + 1)) else 1
    return verdict


def verify(folder, promises):
    """Opens the store as a restarted service would, and judges it."""
    run = run_driver(folder, ["verify", folder / "comments.db"])
    if run.code != 0:
        return Verdict(faults=[f"verify: {run}"])
    *lines, last = [json.loads(line) for line in run.out.splitlines()]
    # What an earlier verification added says nothing about the posts.
    comments = [line for line in lines if line["content_id"] != "afterwards"]
    totals = {name: n for name, n in last["totals"].items() if name != "afterwards"}
    verdict = judge(promises, comments, totals)
    verdict.faults = integrity(folder / "comments.db")
    return verdict


def everyone_retries(folder, promises, **shape):
    """Posts everything again under the same keys: each post must then be there exactly once."""
    run = post(folder, **shape)
    if run.code != 0:
        return Verdict(faults=[f"retry: {run}"])
    verdict = verify(folder, promises + acknowledged_in(folder))
    posts = shape["threads"] * shape["posts"]
    if verdict.good and verdict.comments != posts:
        verdict.faults.append(f"{posts} posts, but {verdict.comments} comments")
    return verdict
