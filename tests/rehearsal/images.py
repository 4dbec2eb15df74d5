"""Images of the rehearsal: a release is a commit of the world's own repository, its digest, and how Cloud Run
starts it. A binary says at /health which commit it is built from; here it is a copy in which these 40 digits are
replaced by the release's."""

import dataclasses
import hashlib
import json

import journal


@dataclasses.dataclass(frozen=True)
class Release:
    name: str
    commit: str
    digest: str


def with_commit(binary, commit, original, target):
    data = binary.read_bytes()
    assert original.encode() in data, f"{binary} was not built from {original}: build it again"
    target.write_bytes(data.replace(original.encode(), commit.encode()))
    target.chmod(0o755)
    return target


def publish(world, name, commit, program, environment=(), job_environment=(), job_sql="", ready=True):
    """An image of that commit. Its job migrates, and then runs job_sql: the migration of a release to come. With
    ready=False it is only built when somebody asks for it."""
    digest = "sha256:" + hashlib.sha256(f"{name} {commit}".encode()).hexdigest()
    folder = world.folder / "images" / commit
    folder.mkdir(parents=True)
    serve = with_commit(world.programs[program], commit, world.built_from, folder / program)
    comments = serve if program == "comments" else with_commit(
        world.programs["comments"], commit, world.built_from, folder / "comments")
    with journal.locked(world.folder):
        images = json.loads(world.file("images.json").read_text(encoding="utf-8"))
        images["recipes"][digest] = {"serve": [str(serve), "serve"], "migrate": [str(comments), "migrate"],
                                     "environment": dict(environment), "job_environment": dict(job_environment), "job_sql": job_sql}
        images["tags" if ready else "to_be_built"][commit] = digest
        world.file("images.json").write_text(json.dumps(images), encoding="utf-8")
    return Release(name, commit, digest)
