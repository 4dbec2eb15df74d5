import json
import time

from cases import case, checks
from monitoring_servers import wait_until  # tests/support

WITHIN = 10  # seconds: without an account, nobody shall wait for long


def look(world, *words):
    """(exit code, what status says as JSON)"""
    finished = world.status("--json", *words)
    return finished.code, json.loads(finished.text)


def is_well(code, said):
    """Nothing is wrong, but that this machine may be too slow for the latency objective."""
    others = [reason for reason in said["reasons"] if not reason.startswith("the error budget of latency")]
    return not others and (code, said["verdict"]) == ((6, "degraded") if said["reasons"] else (0, "ok"))


@case("status", canary_bake="2s", canary_patience="8s")
def status(world):
    """What comments status --env says of a release, of one that failed, of drift, of a held one, of no account."""
    world.install(world.release("stable"))
    world.pin()
    before_any_release(world)
    better = world.release("better")
    with world.readers() as readers:
        checks.is_released(world, world.deploy(), better)
        wait_until(lambda: look(world, "--no-drift")[1]["figures"]["requests_per_second"], "figures of the readers")
    checks.no_reader_failed(world, readers.seen)
    all_is_well(world, better)
    one_that_failed(world, better)
    drift(world)
    held(world)
    no_account(world)


def before_any_release(world):
    code, said = look(world)
    world.check(said["release"] is None and said["ended"] == [], "no release is on record")
    world.check(any(text == "drift: nothing has been released yet" for text in said["unknown"]), "so drift is unknown")
    world.check(is_well(code, said), f"exit code {code}: {said['reasons']}")


def all_is_well(world, release):
    code, said = look(world)
    world.check(is_well(code, said), f"all is well: {said['reasons']}")
    world.check(said["release"]["commit"] == said["health"]["commit"] == release.commit, "the release serves")
    world.check(said["service"]["traffic"] == [{"percent": 100, "revision": said["release"]["revision"]}],
                f"all readers have it: {said['service']['traffic']}")
    world.check(said["instances"][-1]["count"] == 1, f"instances: {said['instances']}")
    world.check(said["figures"]["p99_seconds"] > 0 and said["figures"]["error_ratio"] == 0, f"figures: {said['figures']}")
    world.check([budget["left_ratio"] for budget in said["budgets"]][0] == 1, f"budgets: {said['budgets']}")
    world.check(said["drift"] is not None and not said["drift"]["any"], "no drift")
    world.check([text.split(":")[0] for text in said["unknown"]] == ["alerts"],
                f"this Prometheus has no rules, so alerts are unknown: {said['unknown']}")
    text = world.status().text
    world.check("  staging: comments in " in text and f"release    {release.commit[:12]} by alice" in text,
                "people are told the same")


def one_that_failed(world, better):
    bad = world.release("cannot start", environment={"COMMENTS_STORE": "sqlite:/nowhere/comments.db"})
    checks.ended(world, world.deploy(), 5)
    code, said = look(world, "--explain", "--no-drift")
    world.check(is_well(code, said), f"readers have what they had: {said['reasons']}")
    world.check(said["release"]["commit"] == better.commit, "the release is still the one before")
    why = said["explanation"]
    world.check(bad.commit[:12] in why["what"] and "rolled back" in why["what"], why["what"])
    step = said["ended"][0]["failed_step"]
    world.check(why["step"] == step == "apply", f"at step {step}: {why['reason']}")
    world.check(why["said"].lstrip().startswith("- terraform_data.service: "), f"what it said: {why['said']}")
    world.check(why["next"][-1]["command"] == "comments deploy --env staging", f"next: {why['next']}")
    finished = world.status("--explain", "--no-drift")
    world.check("failed step: apply" in finished.text, "people are told the same")


def drift(world):
    variables = world.environment / "terraform.tfvars"
    text = variables.read_text(encoding="utf-8")
    variables.write_text(text.replace(f'migrate_job = "{world.settings["migrate-job"]}"', 'migrate_job = ""'),
                         encoding="utf-8")
    code, said = look(world)
    variables.write_text(text, encoding="utf-8")
    world.check(code == 6 and said["drift"]["any"], f"drift is exit code 6 (it was {code})")
    world.check({"action": "delete", "address": "terraform_data.migrate_job[0]"} in said["drift"]["changes"],
                f"it says what would change: {said['drift']['changes']}")
    world.check(not (world.repository / "terraform/stack/.terraform/providers").exists() and
                any((world.folder / ".cache/comments").iterdir()), "terraform's files are in a folder of status's own")


def held(world):
    world.release("nobody reads it")
    checks.ended(world, world.deploy(), 7)
    code, said = look(world, "--explain", "--no-drift")
    world.check(code == 6 and said["rollout"]["held"], f"a held rollout is exit code 6 (it was {code})")
    world.check([step["command"] for step in said["explanation"]["next"]][-2:] ==
                ["comments deploy --env staging --resume", "comments deploy --env staging --rollback"], "both ways are told")
    checks.ended(world, world.deploy("--rollback"), 0)


def no_account(world):
    project = world.read("project.json")
    world.write("project.json", {**project, "accounts": []})
    begun = time.monotonic()
    finished = world.status()
    took = time.monotonic() - begun
    world.write("project.json", project)
    lines = finished.text.splitlines()
    world.check(finished.code == 4 and len(lines) == 2 and "gcloud auth login" in lines[1], f"exit code 4, in one line: {lines}")
    world.check(took < WITHIN, f"after {took:.1f} s")
