"""After a failed fsync, nothing is acknowledged that a power cut would then take.

Linux calls pages clean that it failed to write: every process sees them, they are not on the disk,
and a later fsync that succeeds does not bring them there. Some fsyncs of a traced run fail; the
power goes later; what had been acknowledged by then must be there.
(Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020.)
"""

import concurrent.futures
import json
import random
import shutil

import pytest

import disk_replay as replay
import store_check as check

SHAPE = {"threads": 3, "posts": 70, "contents": 2, "bytes": 400}
NUMBERS = ((1, 2, 5, 20, 60), range(1, 101))  # which fsync fails, everyday and in full
CUTS = 3  # of each run


def failing(call, n, times):
    return {
        "FAULT_OP": call,
        "FAULT_NTH": str(n),
        "FAULT_TIMES": str(times),
        "FAULT_FROM": "acks",
    }


def cut_after_failure(folder, n, runs):
    """One traced run after another on one disk, and what some power cuts after the failure leave.

    `runs`: the faults and options of each. No verdicts where there was no n-th fsync.
    """
    folder.mkdir()
    disk, trace = folder / "disk", folder / "trace"
    disk.mkdir()
    for faults, options in runs:
        run = check.post(disk, {"FAULT_TRACE": str(trace), **faults}, **SHAPE, **options)
        assert run.code == 0, run
    records = replay.read_trace(trace)
    failures = [at for at, record in enumerate(records) if record.kind == replay.INJECT]
    promises = [at for at, record in enumerate(records) if record.kind == replay.ACKNOWLEDGE]
    verdicts = []
    if failures:
        rng = random.Random(n)
        later = [at for at in promises if at > failures[0]] or promises[-1:]
        moments = [rng.choice(later) + 1 for _ in range(CUTS - 1)] + [later[-1] + 1]
        model, taken = replay.Disk(), 0
        for number, moment in enumerate(sorted(moments)):
            for record in records[taken:moment]:
                model.take(record)
            taken = moment
            at = folder / f"cut-{number}"
            replay.write_folder(at, model.after_cut("dropped", rng))
            verdicts.append(check.verify(at, [json.loads(line) for line in model.acknowledged]))
            shutil.rmtree(at)
    shutil.rmtree(folder)
    return verdicts


def check_all(title, folder, numbers, runs_of):
    """`runs_of(n)`: the runs of the case in which the n-th fsync fails."""
    tally, wrong = check.Tally(), []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        cases = pool.map(lambda n: cut_after_failure(folder / str(n), n, runs_of(n)), numbers)
        for n, verdicts in zip(numbers, cases):
            for verdict in verdicts:
                tally.add(verdict)
                if not verdict.good:
                    wrong.append(f"fsync {n}: {verdict}")
    print(f"\n{title}: {len(numbers)} runs, {tally}")
    assert not wrong, "\n".join(wrong[:5])
    assert tally.cuts > 0


@pytest.mark.parametrize("readers", (False, True), ids=("without readers", "beside readers"))
@pytest.mark.parametrize("times", (1, 2, 3), ids="{} in a row".format)
def test_what_is_acknowledged_after_a_failed_fsync_survives_a_power_cut(
    times, readers, tmp_path, full
):
    options = {"tries": 8, "list_every": 2 if readers else 0}
    check_all(
        f"{times} failed, {'beside' if readers else 'without'} readers",
        tmp_path,
        NUMBERS[full],
        lambda n: [(failing("fsync", n, times), options)],
    )


@pytest.mark.parametrize("crash", (False, True), ids=("closed", "crashed"))
def test_what_is_acknowledged_after_failed_fsyncs_and_a_restart_survives_a_power_cut(
    crash, tmp_path, full
):
    """The process ends while every fsync fails; the next one finds its log in the page cache."""
    end = {"crash": True} if crash else {}
    check_all(
        f"failed to the end, {'crashed' if crash else 'closed'}, then restarted",
        tmp_path,
        NUMBERS[full],
        lambda n: [(failing("fsync", n, 0), {"tries": 1, **end}), ({}, {"tries": 8})],
    )


def test_what_is_acknowledged_after_a_failed_fsync_of_the_folder_survives_a_power_cut(tmp_path):
    """A log whose name is not on the disk is no log."""
    check_all(
        "the folder's failed",
        tmp_path,
        (1,),
        lambda n: [(failing("fsync_folder", n, 1), {"tries": 8})],
    )
