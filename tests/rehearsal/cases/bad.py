import control

from cases import case, checks


def rehearse(world, name, program="troubled_serve", connections=8, **image):
    """A stable release serves, a bad one comes, readers read all the while. (finished, what the readers saw)"""
    world.install(world.release("stable"))  # and traffic follows the latest revision, as Google begins
    before = world.split()
    bad = world.release(name, program, **image)
    with world.readers(connections=connections) as readers:
        finished = world.deploy()
    checks.is_rolled_back(world, finished, bad, before)
    shares = shares_of(world, "comments-00002-")
    world.check(max(shares, default=0) <= world.settings["canary-steps"][0], f"its shares were {shares}, never more")
    seen = readers.seen
    world.say(f"{seen.total} requests of readers, {seen.failed} failed, {seen.slow} slow")
    return finished, seen


def shares_of(world, revision):
    """One after the other, as the front had them; 0 is left out."""
    return [percent for split in control.ask(world.folder, "splits") for name, percent in split.items()
            if name.startswith(revision)]


def canary_share(world):
    """Requests that the new revision got, and those of them that failed, as the front counted."""
    counts = [(kind, count) for revision, kind, count in control.ask(world.folder, "counts")
              if revision.startswith("comments-00002-")]
    return sum(count for _, count in counts), sum(count for kind, count in counts if kind == "5xx")


def only_the_canary_failed(world, seen):
    asked, failed = canary_share(world)
    first = world.settings["canary-steps"][0]
    world.check(0 < seen.failed <= failed, f"every failed request was one of the canary's: {seen.failed} of its {failed}")
    world.check(asked <= seen.total * first / 100 + 50, f"the canary got no more than its {first} %: {asked} requests")


@case("errors", quick=True)
def errors(world):
    """A release that fails one list in five is taken back; only the canary's share saw it."""
    finished, seen = rehearse(world, "fails one list in five", environment={"TROUBLE_ERRORS": "5"})
    only_the_canary_failed(world, seen)
    world.check("too many errors" in finished.text, "it says what was wrong")
    world.check("last words" in finished.text, "it shows the revision's last words")


@case("slow", minimum_requests=40, max_p99_floor="250ms")
def slow(world):
    """A release that is slow is taken back; nobody's request fails."""
    finished, seen = rehearse(world, "takes 600 ms more", connections=32, environment={"TROUBLE_DELAY_MS": "600"})
    world.check(seen.failed == 0, "no reader's request failed")
    world.check("too slow" in finished.text, "it says what was wrong")


@case("crash-at-start")
def crash_at_start(world):
    """A release that never starts gets no reader at all."""
    _, seen = rehearse(world, "cannot start", "comments", environment={"COMMENTS_STORE": "sqlite:/nowhere/comments.db"})
    checks.no_reader_failed(world, seen)
    world.check(canary_share(world)[0] == 0, "the new revision was asked nothing")


@case("crash-later")
def crash_later(world):
    """A release that crashes under readers is taken back, though its own metrics die with it."""
    _, seen = rehearse(world, "crashes at its 60th list", environment={"TROUBLE_CRASH": "60"})
    only_the_canary_failed(world, seen)

