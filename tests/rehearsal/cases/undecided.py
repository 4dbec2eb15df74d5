from cases import case, checks


def held(world):
    """A rollout with nobody to judge it: held in the middle of the canary."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    better = world.release("better")
    finished = world.deploy()
    checks.ended(world, finished, 7)
    first = world.settings["canary-steps"][0]
    world.check(first in world.split().values() and len(world.split()) == 2,
                f"traffic stays where it is: {world.split_text()}")
    lock = world.lock()
    world.check(lock is not None and lock["commit"] == better.commit, "the lock stays, and says whose it is")
    world.check("--resume" in finished.text and "--rollback" in finished.text, "it says how to go on, and how back")
    return before, better


@case("undecided-then-readers", canary_patience="6s")
def undecided_then_readers(world):
    """Without readers there is no verdict: it is held. Readers come, --resume goes on."""
    _, better = held(world)
    with world.readers() as readers:
        finished = world.deploy("--resume")
    checks.is_released(world, finished, better)
    checks.no_reader_failed(world, readers.seen)


@case("undecided-then-back", canary_patience="6s")
def undecided_then_back(world):
    """Held without a verdict, a person goes back: exactly what was before serves."""
    before, _ = held(world)
    world.release("nobody takes this one")
    finished = world.deploy("--rollback")
    checks.ended(world, finished, 0)
    world.check(world.split() == before, f"traffic is what it was: {world.split_text()}")
    checks.lock_is_free(world)
    world.check(world.records()[-1]["result"] == "rolled_back", "the record says it")


@case("probes", synthetic_probes=True)
def probes(world):
    """Where nobody reads, requests of our own make the verdict."""
    world.install(world.release("stable"))
    better = world.release("better")
    checks.is_released(world, world.deploy(), better)


@case("no-figures", canary_steps=[20, 100], canary_patience="6s")
def no_figures(world):
    """Where Prometheus does not answer nobody knows anything: it is held, never promoted."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    world.release("better")
    world.prometheus.process.terminate()
    with world.readers() as readers:
        finished = world.deploy()
        checks.ended(world, finished, 7)
        world.check(sorted(world.split().values()) == [20, 80], f"traffic stays where it is: {world.split_text()}")
        world.check(world.prometheus.url in finished.text, "it says who did not answer")
        checks.ended(world, world.deploy("--rollback"), 0)
    world.check(world.split() == before, f"traffic is what it was: {world.split_text()}")
    checks.lock_is_free(world)
    checks.no_reader_failed(world, readers.seen)
