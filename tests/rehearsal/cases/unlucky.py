import signal

from cases import case, checks

# Everything that changes something and may be done twice.
LOST = ("lock.json --if-generation-match=0", "run jobs update", "update-traffic", "--update-tags=candidate", "=20",
        "=100", "deploy/releases/", "storage rm")


@case("answers-lost", canary_steps=[20, 100], canary_bake="2s", minimum_requests=40)
def answers_lost(world):
    """What was done, but whose answer was lost, is not done wrongly a second time."""
    world.install(world.release("stable"))
    better = world.release("better")
    with world.readers() as readers:
        finished = world.deploy(faults=[{"match": match, "nth": 1, "lose": True} for match in LOST])
    checks.is_released(world, finished, better)
    checks.no_reader_failed(world, readers.seen)


@case("apply-answer-lost")
def apply_answer_lost(world):
    """Terraform has done it, and says it has not: readers keep what they have."""
    world.install(world.release("stable"))
    world.pin()
    before, bad = world.split(), world.release("better, but who knows")
    with world.readers() as readers:
        finished = world.deploy(faults=[{"match": " apply ", "nth": 1, "lose": True}])
    checks.is_rolled_back(world, finished, bad, before)
    checks.no_reader_failed(world, readers.seen)


@case("interrupted")
def interrupted(world):
    """Ctrl-C in the middle of the canary: what was before comes back."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    release = world.release("better")
    with world.readers() as readers:
        running = world.start()
        running.wait_for("traffic: ")
        running.process.send_signal(signal.SIGINT)
        finished = running.wait()
    checks.is_rolled_back(world, finished, release, before)
    checks.no_reader_failed(world, readers.seen)


@case("undo-without-effect")
def undo_without_effect(world):
    """A way back that did not take is noticed: it is held, and --resume goes back for good."""
    world.install(world.release("stable"))
    before = world.split()
    bad = world.release("fails one list in five", "troubled_serve", environment={"TROUBLE_ERRORS": "5"})
    with world.readers():
        finished = world.deploy(faults=[{"match": "--clear-tags", "pretend": True}])
        checks.ended(world, finished, 7)
        world.check(world.split() != before and world.lock() is not None, "the lock stays as long as traffic is wrong")
        checks.is_rolled_back(world, world.deploy("--resume"), bad, before)
