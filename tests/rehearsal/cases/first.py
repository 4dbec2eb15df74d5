import control
import world as worlds

from cases import case, checks


@case("first")
def first(world):
    """The first release into an empty project: service and job are made, and everybody has it."""
    release = world.release("first")
    checks.is_released(world, world.deploy(), release, way_back="there is no way back")
    job = control.ask(world.folder, "update-job", job=worlds.JOB, image=f"{worlds.IMAGE}@{release.digest}")
    world.check(job["metadata"]["name"] == worlds.JOB, "there is a migration job")


@case("first-that-fails")
def first_that_fails(world):
    """A first release that does not start leaves no service."""
    world.release("cannot start", environment={"COMMENTS_STORE": "sqlite:/nowhere/comments.db"})
    finished = world.deploy()
    checks.ended(world, finished, 5)
    world.check(not world.exists(), "there is no service")
    checks.lock_is_free(world)


@case("pinned")
def pinned(world):
    """Traffic that a person has split by hand is put back exactly as it was."""
    world.install(world.release("stable"))
    world.pin()
    newer = world.release("newer")
    first = world.service()["status"]["latestReadyRevisionName"]
    second = control.ask(world.folder, "apply", service=worlds.SERVICE, image=f"{worlds.IMAGE}@{newer.digest}")
    world.route(split={first: 70, second: 30}, tags={"try": second})
    before = world.split()
    bad = world.release("fails one list in five", "troubled_serve", environment={"TROUBLE_ERRORS": "5"})
    with world.readers() as readers:
        finished = world.deploy()
    checks.is_rolled_back(world, finished, bad, before)
    world.check(world.tags() == {"try": second}, "and so is the tag that somebody had given")
    world.say(f"{readers.seen.total} requests of readers, {readers.seen.failed} failed")
