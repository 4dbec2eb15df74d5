"""What must hold after a rollout, whatever it was."""

import gcloud


def index_of(calls, *words):
    """Where the first call with all these words is."""
    return next((at for at, argv in enumerate(calls) if all(word in " ".join(argv) for word in words)), None)


def ended(world, finished, code):
    world.check(finished.code == code,
                f"exit code {code}" + (f", not {finished.code}" if finished.code != code else ""))
    world.check(gcloud.TOKEN not in finished.text and not any(gcloud.TOKEN in " ".join(argv) for argv in world.calls()),
                "no secret in what was said or run")


def lock_is_free(world):
    world.check(world.lock() is None, "the lock is free")


def is_released(world, finished, release, way_back="the way back: `comments deploy --env staging --rollback`"):
    """Everybody has it, and it is on record."""
    ended(world, finished, 0)
    split = world.split()
    world.check(list(split.values()) == [100], f"one revision has all readers: {world.split_text()}")
    world.check(world.serving_commits() == {release.commit}, f"the public address answers with {release.commit[:12]}")
    world.check("candidate" not in world.tags(), "no tag is left")
    lock_is_free(world)
    record = world.records()[-1]
    world.check((record["result"], record["commit"], record["digest"], record["revision"]) ==
                ("released", release.commit, release.digest, *split), "the record says what was released")
    world.check(way_back in finished.text, f"it prints: {way_back}")


def is_rolled_back(world, finished, release, before):
    """Readers have exactly what they had, and the record says why."""
    ended(world, finished, 5)
    world.check(world.split() == before, f"traffic is what it was: {world.split_text()}")
    world.check("candidate" not in world.tags(), "no tag is left")
    lock_is_free(world)
    record = world.records()[-1]
    world.check(record["result"] == "rolled_back" and record["commit"] == release.commit and record["reason"],
                f"the record says why: {record['reason'].partition(chr(10))[0][:160]}")


def nothing_changed(world, finished, code, before, calls_before):
    """Not even looked like it: no change was asked for."""
    ended(world, finished, code)
    world.check(world.split() == before, f"traffic is what it was: {world.split_text()}")
    changes = ("update-traffic", "apply", "jobs execute", "jobs update", "services delete")
    asked = [argv for argv in world.calls()[calls_before:] if any(word in " ".join(argv) for word in changes)]
    world.check(not asked, "nothing was changed")


def no_reader_failed(world, seen):
    world.check(seen.total > 0 and seen.failed == 0,
                f"{seen.total} requests of readers, {seen.failed} failed {seen.failures[:3] or ''}".rstrip())
