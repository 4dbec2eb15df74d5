import pathlib
import re
import signal
import subprocess
import tempfile

from cases import case, checks

PACED = "function delay() return 20 end\n"  # wrk asks as fast as it is answered, unless it is told to wait


@case("good", quick=True)
def good_release(world):
    """A good release gets a few readers, then all, and none of them notices."""
    stable = world.release("stable")
    world.install(stable)
    better = world.release("better")
    with Wrk(world) as wrk, world.readers() as readers:
        finished = world.deploy()
    checks.is_released(world, finished, better)
    checks.no_reader_failed(world, readers.seen)
    world.check(wrk.requests > 0 and not wrk.failures, f"wrk: {wrk.requests} requests, {' '.join(wrk.failures) or 'none failed'}")
    starts_without_readers(world)
    shares_rise(world)


class Wrk:
    """wrk beside the readers, while the `with` block runs."""

    def __init__(self, world):
        self.world = world

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        script = pathlib.Path(self.folder.name, "paced.lua")
        script.write_text(PACED, encoding="ascii")
        self.process = subprocess.Popen(
            ["wrk", "-t1", "-c4", "-d120s", "-s", script, self.world.url + "/api/comment/list/football"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        text = self.process.communicate(timeout=30)[0]
        self.folder.cleanup()
        found = re.search(r"(\d+) requests in", text)
        self.requests = int(found[1]) if found else 0
        self.failures = re.findall(r"(?:Non-2xx|Socket errors).*", text)


def starts_without_readers(world):
    calls = world.calls()
    pinned = checks.index_of(calls, "update-traffic", "--to-revisions=comments-00001-")
    applied = checks.index_of(calls, "terraform", " apply ")
    tagged = checks.index_of(calls, "update-traffic", "--update-tags=candidate=comments-00002-")
    world.check(None not in (pinned, applied, tagged) and pinned < applied < tagged,
                "traffic is pinned, then Terraform applies, then the new revision gets its tag")


def shares_rise(world):
    new = re.compile(r"comments-00002-\w+=(\d+)")
    shares = [int(found[1]) for argv in world.calls() for word in argv
              if word.startswith("--to-revisions=") and (found := new.search(word))]
    world.check(shares == world.settings["canary-steps"], f"its shares: {shares}")
