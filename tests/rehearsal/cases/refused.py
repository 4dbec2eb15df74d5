import datetime

from cases import case, checks


@case("two-at-once")
def two_at_once(world):
    """Of two rollouts at once one goes on, the other is told who holds the lock."""
    world.install(world.release("stable"))
    better = world.release("better")
    with world.readers() as readers:
        first = world.start()
        first.wait_for("canary")
        second = world.start().wait()
        finished = first.wait()
    checks.ended(world, second, 3)
    world.check("alice@example.com" in second.text, "it names who holds the lock")
    checks.is_released(world, finished, better)
    checks.no_reader_failed(world, readers.seen)


@case("expired-lock")
def expired_lock(world):
    """A lock that has expired is taken over, and what its owner had begun is still undone to what was before."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    world.release("dies half-way")
    with world.readers() as readers:
        dead = world.deploy(faults=[{"match": "=20", "kill": "after"}])
        world.check(dead.code == -9 and world.lock() is not None, "it died and left its lock")
        world.check(len(world.split()) == 2, f"in the middle of its canary: {world.split_text()}")
        world.let_lock_expire()
        bad = world.release("fails one list in five", "troubled_serve", environment={"TROUBLE_ERRORS": "5"})
        finished = world.deploy()
    checks.is_rolled_back(world, finished, bad, before)
    world.say(f"{readers.seen.total} requests of readers, {readers.seen.failed} failed")


@case("frozen")
def frozen(world):
    """Inside a freeze window nothing is rolled out, unless a person gives a reason."""
    now = datetime.datetime.now(datetime.timezone.utc)
    begin, end = ((now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (-1, 1))
    world.write_settings(freeze=[f"{begin}/{end} World Cup final"])
    world.install(world.release("stable"))
    better, before, calls = world.release("better"), world.split(), len(world.calls())
    refused = world.deploy()
    checks.nothing_changed(world, refused, 3, before, calls)
    world.check("World Cup final" in refused.text and "--freeze-override" in refused.text,
                "it says why, and what to do")
    checks.lock_is_free(world)
    with world.readers() as readers:
        finished = world.deploy("--freeze-override", "the ticker is down")
    checks.is_released(world, finished, better)
    world.check("the ticker is down" in world.records()[-1]["reason"], "the reason is on record")
    checks.no_reader_failed(world, readers.seen)


@case("not-ready-here")
def not_ready_here(world):
    """What is missing is told all at once, and nothing is touched."""
    world.install(world.release("stable"))
    world.release("better")
    before, calls = world.split(), len(world.calls())
    (world.repository / "CHANGES").write_text("not committed\n", encoding="utf-8")
    project = world.read("project.json")
    world.write("project.json", {**project, "services": [], "application_default": False})
    finished = world.deploy()
    checks.nothing_changed(world, finished, 1, before, calls)
    remedies = ("git status", "gcloud services enable", "gcloud auth application-default login")
    world.check(all(remedy in finished.text for remedy in remedies), "each fault is told, with its remedy")
    checks.lock_is_free(world)


@case("stolen-lock")
def stolen_lock(world):
    """Who loses the lock to --steal-lock stops at once, and changes nothing more."""
    world.install(world.release("stable"))
    world.pin()
    world.release("loses its lock")
    with world.readers() as readers:
        loser = world.start()
        loser.wait_for("canary")
        better = world.release("takes it")
        finished = world.start("--steal-lock").wait()
        lost = loser.wait()
    checks.ended(world, lost, 3)
    checks.is_released(world, finished, better)
    checks.no_reader_failed(world, readers.seen)


@case("approved-plan")
def approved_plan(world):
    """A plan that was read and approved is applied as it is; when the state has moved meanwhile, it is refused."""
    world.install(world.release("stable"))
    world.pin()
    better, before, calls = world.release("better"), world.split(), len(world.calls())
    plan = world.file("approved.plan")
    checks.nothing_changed(world, world.deploy("--plan-only", "--out", str(plan)), 0, before, calls)
    with world.readers() as readers:
        checks.is_released(world, world.deploy("--plan", str(plan)), better)
    checks.no_reader_failed(world, readers.seen)
    split, calls = world.split(), len(world.calls())
    checks.nothing_changed(world, world.deploy("--plan", str(plan)), 3, split, calls)
    checks.lock_is_free(world)
