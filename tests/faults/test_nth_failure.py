"""When a call to the system fails, whichever it is, no acknowledgment is false and nothing crashes.

The n-th write, fsync, open, ftruncate, unlink, read or allocation of SQLite's fails while the real
store opens or works; the one who posts retries as a client would, with the same key. It cannot show
what a failing disk kept: that is test_failed_fsync.py. A post that was refused may be there after a
restart, where an fsync failed: that is counted ("kept though refused"), and no failure here.
"""

import collections
import concurrent.futures
import dataclasses
import errno
import shutil

import pytest

import store_check as check

# What the system may answer, by call.
ERRORS = {
    "write": (errno.EIO, errno.ENOSPC),
    "fsync": (errno.EIO, errno.ENOSPC),
    "fsync_folder": (errno.EIO,),
    "open": (errno.EMFILE, errno.EACCES),
    "ftruncate": (errno.EIO, errno.ENOSPC),
    "unlink": (errno.EIO, errno.EACCES),
    "read": (errno.EIO,),
}
CALLS = [*ERRORS, "malloc"]
PHASES = ("from the start", "once it serves")

# Which call fails, everyday and in full.
ONCE = ((1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 200), range(1, 201))
LASTING = ((1, 4, 40), (*range(1, 20), *range(20, 201, 10)))
# In full so many posts that there is a 200th fsync.
SHAPES = tuple({"threads": 3, "posts": posts, "contents": 2, "bytes": 400} for posts in (50, 200))


@dataclasses.dataclass
class Case:
    """One run with a failure in it, and what became of the store."""

    call: str
    n: int
    times: int  # 0: every later one fails, too
    phase: str
    tries: int  # of each post
    shape: dict

    def __str__(self):
        times = f"{self.times} time(s)" if self.times else "and all later ones"
        return f"{self.call} {self.n} {times} {self.phase}"

    def faults(self, struck):
        """What varies besides goes by n."""
        serving = self.phase == "once it serves"
        options = {"list_every": 0 if self.n % 2 else 3}  # without or with readers beside it
        if self.call == "malloc":
            options |= {"fail_malloc": self.n, "malloc_times": self.times}
            return {}, options | ({"malloc_when_open": True} if serving else {})
        errors = ERRORS[self.call]
        variables = {
            "FAULT_OP": self.call,
            "FAULT_NTH": str(self.n),
            "FAULT_TIMES": str(self.times),
            "FAULT_ERRNO": str(errors[self.n // 2 % len(errors)]),
            "FAULT_HALF": str(self.n // 4 % 2),
            "FAULT_STRUCK": str(struck),
        }
        return variables | ({"FAULT_FROM": "acks"} if serving else {}), options

    def run(self, folder):
        disk, struck = folder / "disk", folder / "struck"
        disk.mkdir(parents=True)
        variables, options = self.faults(struck)
        run = check.post(disk, variables, **self.shape, **options, tries=self.tries)
        promises = check.acknowledged_in(disk)
        self.opened = run.code == 0
        self.struck = struck.exists() or not self.opened or run.counts["mallocs_failed"] > 0
        self.refused = self.opened and run.counts["refusals"] > 0
        self.verdict = check.verify(disk, promises)
        kept = self.verdict.comments - len({promise["key"] for promise in promises})
        self.kept_though_refused = max(kept, 0)
        if self.verdict.good and self.tries == 1:
            self.verdict = check.everyone_retries(disk, promises, **self.shape)
        self.wrong = self.judged(run, promises)
        shutil.rmtree(folder)
        return self

    def judged(self, run, promises):
        if run.code not in (0, 1):
            return f"it crashed, or a list fell behind: {run}"
        if not self.verdict.good:
            return str(self.verdict)
        if not self.opened:
            clean = not promises and len(run.err.splitlines()) == 1
            return None if clean else f"no clean refusal to open: {run}"
        # A failure may cost the posts that were committed together, one of each thread, no more.
        may_be_given_up = 0 if self.tries > self.times else self.shape["threads"] * self.times
        if self.times and run.counts["given_up"] > may_be_given_up:
            return f"it did not recover by itself: {run}"
        return None


def run_cases(title, folder, cases):
    """Prints the figures. Ends early where runs have no such n-th call any more."""
    figures, wrong = collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for at in range(0, len(cases), 4):
            numbers = range(at, min(at + 4, len(cases)))
            done = list(pool.map(lambda number: cases[number].run(folder / str(number)), numbers))
            for case in done:
                figures["runs"] += 1
                figures["struck"] += case.struck
                figures["would not open"] += not case.opened
                figures["refused posts"] += case.refused
                figures["kept though refused"] += case.kept_though_refused
                figures["lost"] += case.verdict.lost
                figures["duplicated"] += case.verdict.duplicated
                figures["corrupt"] += bool(case.verdict.faults)
                if case.wrong:
                    wrong.append(f"{case}: {case.wrong}")
            if not any(case.struck for case in done):
                break
    print(f"\n{title}: " + ", ".join(f"{count} {what}" for what, count in figures.items()))
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong[:5])
    assert figures["struck"] > 0


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("call", CALLS)
def test_when_one_call_fails_no_promise_is_broken_and_posting_goes_on(call, phase, tmp_path, full):
    cases = [Case(call, n, 1, phase, 8, SHAPES[full]) for n in ONCE[full]]
    run_cases(f"{call}, one failure {phase}", tmp_path, cases)


@pytest.mark.parametrize("call", CALLS)
def test_when_calls_fail_for_long_no_promise_is_broken(call, tmp_path, full):
    cases = [
        Case(call, n, times, PHASES[1], 1, SHAPES[full]) for n in LASTING[full] for times in (0, 2)
    ]
    run_cases(f"{call}, failures that last", tmp_path, cases)
