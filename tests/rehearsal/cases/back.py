import json
import urllib.request

import postgres_server

from cases import case, checks

# What the next release's migration does: it adds, and takes nothing away.
EXPAND = """
ALTER TABLE comments ADD COLUMN likes bigint NOT NULL DEFAULT 0;
INSERT INTO comments_migrations VALUES (999, 'likes', '0.1.0', 0)"""


def comments(world):
    with urllib.request.urlopen(f"{world.url}/api/comment/list/football", timeout=10) as answer:
        return len(json.load(answer))


@case("migration-and-back")
def migration_and_back(world):
    """A release with a migration, and the way back: the old code serves on the new schema, no comment is lost."""
    world.install(world.release("before all"))
    old = world.release("old")
    with world.readers() as readers:
        checks.is_released(world, world.deploy(), old)
        old_revision = world.split()
        new = world.release("with a migration", job_sql=EXPAND)
        checks.is_released(world, world.deploy(), new)
        world.check(world.sql("SELECT max(number) FROM comments_migrations") == ["999"], "the job has migrated the schema")
        world.write_some()
        written = comments(world)
        finished = world.deploy("--rollback")
    checks.ended(world, finished, 0)
    world.check(world.split() == old_revision, f"the release before serves: {world.split_text()}")
    world.check(world.serving_commits() == {old.commit}, "the public address says so")
    world.write_some()
    world.check(comments(world) == written + 1, f"all {written} comments are there, and one more can be written")
    world.check(world.records()[-1]["kind"] == "rollback", "the record says it")
    checks.lock_is_free(world)
    checks.no_reader_failed(world, readers.seen)


@case("migration-that-fails")
def migration_that_fails(world):
    """A migration that fails ends the rollout before anything else is changed."""
    world.install(world.release("stable"))
    world.pin()
    before = world.split()
    nowhere = f"postgres://postgres@127.0.0.1:{postgres_server.free_port()}/comments"
    world.release("cannot migrate", job_environment={"COMMENTS_STORE": nowhere})
    with world.readers() as readers:
        finished = world.deploy()
    checks.ended(world, finished, 1)
    world.check(world.split() == before, f"traffic is what it was: {world.split_text()}")
    world.check(checks.index_of(world.calls(), "terraform", " apply ") is None, "Terraform has applied nothing")
    checks.lock_is_free(world)
    checks.no_reader_failed(world, readers.seen)
