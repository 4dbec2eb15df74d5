"""After a power cut, every comment that was acknowledged is there, once, in its place.

Runs of the real store are traced; its disk is then rebuilt as a power cut at many moments of the
run could have left it, and opened. disk_replay.py says what a power cut leaves, and cannot show.
"""

import concurrent.futures
import json
import random
import shutil

import pytest

import disk_replay as replay
import store_check as check

SEED = 20_240_229
COMMON = {"threads": 4, "contents": 3}
# Small comments: many commits with little in each, and a crash in the middle. Large ones: the log
# is folded back often, and the store is closed and opened in the middle. Everyday, and in full.
RUNS = {
    "small": ({"posts": 700, "bytes": 100}, {"posts": 1200, "bytes": 100}),
    "large": ({"posts": 200, "bytes": 36_000}, {"posts": 320, "bytes": 20_000}),
}
CHECKPOINTS = {"small": (2, 3), "large": (3, 3)}  # at least; one of them at the end
CUTS = (5, 250)  # of each run, in each mode
RETRIES_EVERY = (5, 50)  # cuts


class Traced:
    """A run, and the moments of it at which the power may go."""

    def __init__(self, folder, options, crash, faults=None):
        disk, trace = folder / "disk", folder / "trace"
        disk.mkdir(parents=True)
        self.options = {**COMMON, **options}
        self.posts = self.options["threads"] * self.options["posts"]
        faults = {"FAULT_TRACE": str(trace), **(faults or {})}
        half = self.options | {"posts": self.options["posts"] // 2}
        check.post(disk, faults, **half, **({"crash": True} if crash else {}))
        run = check.post(disk, faults, **self.options)  # its first half are retries
        assert run.code == 0 and run.counts["acknowledged"] == self.posts, run
        assert run.counts["replayed"] == self.posts // 2, run
        self.records = replay.read_trace(trace)
        shutil.rmtree(disk)
        trace.unlink()

        kinds = [record.kind for record in self.records]
        begin = kinds.index(replay.ACKNOWLEDGE)
        database = self.records[kinds.index(replay.CREATE)].file
        self.syncs = [n for n, kind in enumerate(kinds) if kind == replay.SYNC]
        # The log is folded back into the database, and nothing else is written there by then.
        of_database = [n for n in range(begin, len(kinds)) if self.records[n].file == database]
        self.folding = [n for n in of_database if kinds[n] == replay.WRITE]
        self.checkpoints = sum(kinds[n] == replay.SYNC for n in of_database)

    def moment(self, rng):
        """Half of them anywhere, a quarter beside a sync, a quarter while the log is folded."""
        where = rng.randrange(4)
        if where == 0:
            return rng.choice(self.syncs) + rng.randint(0, 2)
        if where == 1:
            return rng.choice(self.folding)
        return rng.randrange(len(self.records) + 1)

    def disks(self, rng, count):
        """The disk at `count` random moments, in the order of time."""
        moments = sorted(self.moment(rng) for _ in range(count))
        disk, taken = replay.Disk(), 0
        for moment in moments:
            for record in self.records[taken:moment]:
                disk.take(record)
            taken = max(taken, moment)
            yield disk


def open_after_cut(run, folder, promises, retries):
    verdict = check.verify(folder, promises)
    if verdict.good and retries:
        verdict = check.everyone_retries(folder, promises, **run.options)
    shutil.rmtree(folder)
    return verdict


def cut_power(run, mode, full, folder):
    count, every = CUTS[full], RETRIES_EVERY[full]
    rng = random.Random(f"{SEED} {mode} {count}")
    tally = check.Tally()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        opened = []
        for number, disk in enumerate(run.disks(rng, count)):
            at = folder / f"cut-{number}"
            contents = disk.after_cut(mode, rng)
            if mode == "random" and number % 2:
                contents["comments.db-shm"] = rng.randbytes(32 * 1024)  # never synced: anything
            replay.write_folder(at, contents)
            promises = [json.loads(line) for line in disk.acknowledged]
            retries = number % every == every - 1
            opened.append(pool.submit(open_after_cut, run, at, promises, retries))
            if len(opened) > 3:
                tally.add(opened.pop(0).result())
        for rest in opened:
            tally.add(rest.result())
    return tally


@pytest.fixture(scope="module", params=RUNS)
def run(request, tmp_path_factory, full):
    run = Traced(tmp_path_factory.mktemp(request.param), RUNS[request.param][full],
                 crash=request.param == "small")
    print(f"\n{request.param}: {run.posts} posts, {len(run.records)} records, "
          f"{run.checkpoints} checkpoints")
    assert run.checkpoints >= CHECKPOINTS[request.param][full]
    return run


@pytest.mark.parametrize("mode", replay.MODES)
def test_a_power_cut_loses_no_acknowledged_comment(run, mode, tmp_path, full):
    tally = cut_power(run, mode, full, tmp_path)
    print(f"\n{mode}: {tally}")
    assert not tally.first_fault


def test_on_a_disk_that_lies_about_the_log_the_loss_is_noticed(tmp_path, full):
    """The negative control, and what synchronous=NORMAL would be: the log is never flushed."""
    run = Traced(tmp_path / "run", RUNS["small"][full], True, {"FAULT_LIE": "-wal"})
    tally = cut_power(run, "dropped", full, tmp_path)
    print(f"\nlying disk: {tally}")
    assert tally.cuts_with_loss > tally.cuts / 2
    assert tally.lost > 0
