import dataclasses
import signal

from cases import case, checks


@dataclasses.dataclass
class Death:
    """Where `comments deploy` is killed: before or after it makes a call with these words, the n-th of them."""
    when: str
    match: str
    nth: int = 1
    left: str = "lock"  # what it leaves: a lock, nothing, or a finished release

    def __str__(self):
        return f"{self.when} '{self.match}'" + (f", the {self.nth}. time" if self.nth > 1 else "")


DEATHS = [
    Death("before", "storage cp - gs://example-comments-staging-state/deploy/lock.json", left="nothing"),
    Death("after", "storage cp - gs://example-comments-staging-state/deploy/lock.json"),
    Death("after", " plan "),
    Death("after", "run jobs update"),
    Death("before", "run jobs execute"),
    Death("after", "run jobs execute"),
    Death("after", "update-traffic"),  # traffic is pinned
    Death("before", " apply "),
    Death("after", " apply "),
    Death("after", "--update-tags=candidate"),
    Death("after", "=50"),  # half of the readers have it
    Death("after", "=100", nth=2),  # all of them: the first was the pin
    Death("before", "/deploy/releases/"),
    Death("after", "storage cp - gs://example-comments-staging-state/deploy/releases/"),
    Death("after", "storage rm", left="release"),
]


@case("killed", canary_steps=[50, 100], canary_bake="2s", minimum_requests=40)
def killed(world):
    """Killed with -9 at every step, it can be taken up again by --resume, and no reader notices."""
    world.install(world.release("stable"))
    for death in DEATHS:
        release, calls = world.release(f"killed {death}"), len(world.calls())
        world.route(split={"LATEST": 100})  # so that it has to be pinned
        world.say(f"-- kill -9 {death}")
        with world.readers() as readers:
            dead = world.deploy(faults=[{"match": death.match, "nth": death.nth, "kill": death.when}])
            world.check(dead.code == -9, f"it was killed {death} (exit code {dead.code})")
            finished = take_up_again(world, death)
        checks.is_released(world, finished, release)
        checks.no_reader_failed(world, readers.seen)
        had_a_canary(world, calls)
    every_change_is_among_the_deaths(world)


def had_a_canary(world, calls):
    """Who goes on must not take it for a first release, which has nobody to be compared with."""
    new = next(iter(world.split()))
    world.check(checks.index_of(world.calls()[calls:], f"{new}=50") is not None, "it has had half of the readers first")


CHANGES = ("storage cp", "storage rm", "jobs update", "jobs execute", "update-traffic", " apply ")


def every_change_is_among_the_deaths(world):
    """A change that comments deploy learns to make must be died of here, too."""
    changes = [line for line in map(" ".join, world.calls()) if any(word in line for word in CHANGES)]
    unknown = [line for line in changes if not any(death.match in line for death in DEATHS)]
    world.check(changes and not unknown, f"every change that it makes is among these {unknown or ''}".rstrip())


def take_up_again(world, death):
    if death.left == "lock":
        world.check(world.lock() is not None, "it has left a lock")
        return world.deploy("--resume")
    checks.lock_is_free(world)
    refused = world.deploy("--resume")
    world.check(refused.code == 3, "there is nothing to go on with, and it says so")
    return world.deploy()


@case("killed-undoing")
def killed_undoing(world):
    """Killed with -9 while it takes a bad release back, --resume takes it back."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    for when, match in (("before", "--clear-tags"), ("after", "--clear-tags"), ("after", " -auto-approve "),
                        ("after", "deploy/releases/"), ("before", "storage rm")):
        bad = world.release(f"fails, killed {when} {match}", "troubled_serve", environment={"TROUBLE_ERRORS": "5"})
        world.say(f"-- kill -9 {when} '{match}'")
        with world.readers():
            dead = world.deploy(faults=[{"match": match, "nth": 1, "kill": when}])
            world.check(dead.code == -9 and world.lock() is not None, "it was killed, and has left a lock")
            finished = world.deploy("--resume")
        checks.is_rolled_back(world, finished, bad, before)


@case("stopped-twice")
def stopped_twice(world):
    """Ctrl-C takes a release back; a second one ends the undo at once, and says what to type, which ends it well."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    given_up, calls = world.release("is given up"), len(world.calls())
    world.write("faults.json", [{"match": "--clear-tags", "nth": 1, "after": calls, "hang": 15}])
    with world.readers():
        running = world.start()
        running.wait_for("canary")
        running.process.send_signal(signal.SIGINT)
        world.wait_for_call("--clear-tags", calls)
        running.process.send_signal(signal.SIGINT)
        stopped = running.wait()
        checks.ended(world, stopped, 130)
        last = stopped.text.rstrip("\n").splitlines()[-1]
        world.check("comments deploy --env staging --resume" in last, "its last line says what to type")
        world.check(world.lock() is not None, "the lock is left")
        world.write("faults.json", [])
        finished = world.deploy("--resume")
    checks.is_rolled_back(world, finished, given_up, before)
