"""The stand-ins themselves: they know exactly what `comments deploy` says, answer as gcloud was seen to answer, and
lose no request of their own."""

import contextlib
import json
import pathlib
import shlex
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE / "standin"), str(ROOT / "tests/support")]
import command_line  # noqa: E402
import control  # noqa: E402
import gcloud  # noqa: E402
import journal  # noqa: E402
import rehearse  # noqa: E402
import world as worlds  # noqa: E402
from postgres_server import Server  # noqa: E402

COMMAND_LINES = ROOT / "tests/ops/command_lines.txt"
PLACE = ("--project=p", "--region=r", "--format=json")


def written_down():
    lines = [shlex.split(line) for line in COMMAND_LINES.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    return [line[1:] for line in lines if line[0] == "gcloud"]


# Command lines

def test_every_command_line_of_deploy_is_known():
    for words in written_down():
        command_line.find(gcloud.COMMANDS, words)


def test_no_command_is_known_that_deploy_never_says():
    said = {command_line.find(gcloud.COMMANDS, words)[0] for words in written_down()}
    assert [template.text for template in gcloud.COMMANDS if template not in said] == []


@pytest.mark.parametrize("words", [
    ["run", "services", "describe", "comments", "--project=p", "--format=json"],  # no region
    ["run", "services", "describe", "comments", *PLACE, "--quiet"],
    ["run", "services", "describe", "comments", "--project=p", "--region=r", "--format=yaml"],
    ["run", "services", "describe", *PLACE],
    ["run", "services", "replace", "comments", *PLACE],
    ["storage", "cp", "-", "gs://b/o", "--print-created-message"],  # without a precondition
])
def test_another_command_line_is_refused(words, tmp_path):
    done = subprocess.run([sys.executable, HERE / "standin/gcloud.py", tmp_path, *words], capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not know" in done.stderr


# Objects

class Bucket:
    def __init__(self, folder):
        self.folder = folder
        (folder / "buckets/b").mkdir(parents=True)

    def gcloud(self, *words, content=""):
        return subprocess.run([sys.executable, HERE / "standin/gcloud.py", self.folder, "storage", *words],
                              input=content, capture_output=True, text=True, check=False)

    def write(self, over, content="text"):
        return self.gcloud("cp", "-", "gs://b/deploy/lock.json", f"--if-generation-match={over}",
                           "--print-created-message", content=content)

    def generation(self):
        return json.loads(self.gcloud("objects", "describe", "gs://b/deploy/lock.json", "--format=json").stdout)[
            "generation"]


@pytest.fixture
def bucket(tmp_path):
    return Bucket(tmp_path)


def test_an_object_is_made_once(bucket):
    first, second = bucket.write(0, "mine"), bucket.write(0, "yours")
    assert first.returncode == 0
    assert first.stdout == "" and f"Created: gs://b/deploy/lock.json#{bucket.generation()}" in first.stderr
    assert second.returncode == 1
    assert second.stderr.endswith("ERROR: (gcloud.storage.cp) HTTPError 412: At least one of the pre-conditions you "
                                  "specified did not hold.\n")
    assert bucket.gcloud("cat", "gs://b/deploy/lock.json").stdout == "mine"


def test_a_generation_is_written_over_once(bucket):
    bucket.write(0)
    generation = bucket.generation()
    assert bucket.write(generation, "second").returncode == 0
    assert bucket.write(generation, "third").returncode == 1
    assert int(bucket.generation()) > int(generation)
    stale = bucket.gcloud("rm", "gs://b/deploy/lock.json", f"--if-generation-match={generation}")
    assert stale.returncode == 1
    assert stale.stderr.endswith("ERROR: HTTPError 412: At least one of the pre-conditions you specified did not "
                                 "hold.\n")


def test_of_many_who_write_at_once_one_wins(bucket):
    results = []
    threads = [threading.Thread(target=lambda: results.append(bucket.write(0).returncode)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0] + [1] * 7


def test_an_object_that_is_not_there(bucket):
    gone = bucket.gcloud("objects", "describe", "gs://b/none", "--format=json")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert gone.stderr == "ERROR: (gcloud.storage.objects.describe) gs://b/none not found: 404.\n"


# Faults

def test_the_call_that_is_planned_to_fail_fails(bucket):
    fault = {"match": "storage cp", "nth": 2, "fail": 1, "stderr": "ERROR: planned"}
    (bucket.folder / "faults.json").write_text(json.dumps([fault]), encoding="utf-8")
    codes = [bucket.write(0, "one"), bucket.gcloud("ls", "gs://b/deploy/"), bucket.write(bucket.generation(), "two")]
    assert [done.returncode for done in codes] == [0, 0, 1]
    assert codes[-1].stderr == "ERROR: planned\n"
    assert bucket.gcloud("cat", "gs://b/deploy/lock.json").stdout == "one"
    assert [argv[2] for argv in journal.read(bucket.folder)] == ["cp", "ls", "objects", "cp", "cat"]


def test_only_comments_is_killed(bucket):
    (bucket.folder / "faults.json").write_text('[{"match": "storage", "kill": "before"}]', encoding="utf-8")
    done = bucket.write(0)
    assert done.returncode == 137
    assert "lives on" in done.stderr
    assert not (bucket.folder / "buckets/b/deploy/lock.json").exists()


# Cloud Run

@pytest.fixture(scope="module")
def server():
    one = Server(settings={"fsync": "off", "max_connections": 200})
    try:
        yield one.create().start()
    finally:
        one.remove()


@pytest.fixture
def world(server, request):
    paths, commit = rehearse.programs()
    name = f"standin_{abs(hash(request.node.name))}"
    with worlds.World(paths, commit, server, name, rehearse.Say(False)) as one:
        yield one


def apply(world, release):
    return control.ask(world.folder, "apply", service=worlds.SERVICE, image=f"{worlds.IMAGE}@{release.digest}")


def two_revisions(world, **image):
    world.install(world.release("first"))
    world.pin()
    second = world.release("second", "troubled_serve", **image)
    return next(iter(world.split())), apply(world, second), second


def counted(world):
    return {(revision, kind): count for revision, kind, count in control.ask(world.folder, "counts")}


def test_what_follows_the_latest_gets_the_new_revision_and_what_is_pinned_does_not(world):
    first, second = world.release("first"), world.release("second")
    world.install(first)
    assert world.service()["spec"]["traffic"] == [{"latestRevision": True, "percent": 100}]
    name = apply(world, second)
    assert world.split() == {name: 100}
    world.pin()
    apply(world, world.release("third"))
    assert world.split() == {name: 100}
    assert world.serving_commits() == {second.commit}


def test_a_tag_has_an_address_of_its_own(world):
    _, candidate, second = two_revisions(world)
    world.route(tags={"candidate": candidate})
    url = next(target["url"] for target in world.service()["status"]["traffic"] if target.get("tag") == "candidate")
    with urllib.request.urlopen(f"{url}/health/ready", timeout=10) as answer:
        assert json.load(answer)["commit"] == second.commit
    assert world.split() != {candidate: 100}


def test_shares_are_kept_exactly_and_no_request_is_lost_when_they_change(world):
    first, second, _ = two_revisions(world)
    with world.readers(per_second=1000) as readers:
        for percent in (5, 50, 95, 100, 20, 0):
            world.route(split={first: 100 - percent, second: percent})
            before = counted(world)
            time.sleep(0.3)
            after = counted(world)
            grown = [after.get((name, "2xx"), 0) - before.get((name, "2xx"), 0) for name in (first, second)]
            assert abs(grown[1] - sum(grown) * percent / 100) <= 2
    assert readers.seen.failed == 0
    assert readers.seen.total > 500


def test_a_request_that_has_begun_ends_where_it_began(world):
    first, slow, _ = two_revisions(world, environment={"TROUBLE_DELAY_MS": "1000"})
    world.route(split={slow: 100})
    answers = []
    asking = threading.Thread(target=lambda: answers.append(
        urllib.request.urlopen(world.url + worlds.THREAD, timeout=10).status))
    asking.start()
    time.sleep(0.3)
    world.route(split={first: 100})
    asking.join()
    assert answers == [200]
    assert counted(world)[slow, "2xx"] == 1


def test_what_crashes_is_seen_by_the_front_and_started_again(world):
    _, second, _ = two_revisions(world, environment={"TROUBLE_CRASH": "5"})
    world.route(split={second: 100})
    with world.readers(per_second=100) as readers:
        worlds.wait_until(lambda: readers.seen.answers[503] and readers.seen.failures
                          and counted(world).get((second, "2xx"), 0) > 10, "two lives")
    assert counted(world)[second, "5xx"] >= readers.seen.failed > 0
    assert "exit(139)" in (world.folder / f"{second}.log").read_text(encoding="utf-8")


def test_a_revision_that_never_starts_is_not_routed_to(world):
    world.install(world.release("first"))
    before = world.split()
    broken = world.release("broken", environment={"COMMENTS_STORE": "sqlite:/nowhere/comments.db"})
    with pytest.raises(control.Refused, match="not ready and cannot serve traffic"):
        apply(world, broken)
    status = world.service()["status"]
    assert status["latestCreatedRevisionName"] != status["latestReadyRevisionName"]
    assert {condition["type"]: condition["status"] for condition in status["conditions"]}["Ready"] == "False"
    with pytest.raises(control.Refused, match="not ready"):
        world.route(split={status["latestCreatedRevisionName"]: 100})
    assert world.split() == before
    log = control.ask(world.folder, "read-log", limit=20,
                      labels={"revision_name": status["latestCreatedRevisionName"]})
    assert any("/nowhere" in json.dumps(entry) for entry in log)


def test_prometheus_sees_each_revision_and_the_front(world):
    first, second, _ = two_revisions(world, environment={"TROUBLE_ERRORS": "2"})
    world.route(split={first: 50, second: 50})
    with world.readers(per_second=200):
        def seen():
            errors = world.prometheus.query('run_googleapis_com:request_count{response_code_class="5xx"}')
            requests = world.prometheus.query('http_server_request_duration_seconds_count{job="comments"} '
                                              "* on (job, instance) group_left (revision_name) comments_build_info")
            return ({labels["revision_name"] for labels, _ in errors} == {second}
                    and {labels["revision_name"] for labels, _ in requests} == {first, second})
        worlds.wait_until(seen, "both in Prometheus")


def test_the_front_is_fast_enough_not_to_be_what_is_measured(world):
    world.install(world.release("first"))
    done = subprocess.run(["wrk", "-t1", "-c16", "-d2s", world.url + worlds.THREAD], capture_output=True, text=True,
                          check=True)
    assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout
    print(done.stdout)
    assert float(done.stdout.split("Requests/sec:")[1].split()[0]) > 2000


def test_a_job_really_runs(world):
    world.install(world.release("first"))
    changed = world.release("second", job_sql="CREATE TABLE made_by_the_job (x int)")
    control.ask(world.folder, "update-job", job=worlds.JOB, image=f"{worlds.IMAGE}@{changed.digest}")
    done = control.ask(world.folder, "execute-job", job=worlds.JOB)
    assert done["status"]["conditions"][0]["status"] == "True"
    assert world.sql("SELECT count(*) FROM made_by_the_job") == ["0"]
    with contextlib.suppress(KeyError):
        assert control.ask(world.folder, "execute-job", job=worlds.JOB)["status"]["conditions"][0]["status"] == "False"
