"""Behind PgBouncer in transaction mode, where a session is nobody's: all is as without it."""

import itertools
import json
import threading
import time
import urllib.parse

import pytest

import generated
import service
from fleet import Fleet
from patient_writers import PatientCrowd, measure_gap, print_gaps
from pgbouncer import Pgbouncer
from test_postgres_faults import Writing, check_kept
from test_postgres_instances import check_keys, say, shown
from test_streams import following

BACKENDS = 3  # for two instances, which have up to six connections each


@pytest.fixture
def bouncer(postgres):
    with Pgbouncer(postgres.port, pool_size=BACKENDS) as one:
        yield one


@pytest.fixture
def fleet(bouncer, database, tmp_path):
    with Fleet(tmp_path, [bouncer.url(database)] * 2) as instances:
        yield instances


def test_comments_are_posted_listed_and_counted(fleet):
    for number in range(10):
        say(fleet[number % 2], f"comment {number}")
    assert shown(fleet[1], query="?view=full&after=2") == [f"comment {number}" for number in range(2, 10)]
    assert [one.count("t") for one in fleet] == [10, 10]
    tags = {one.get(service.list_path("t", "?order=desc")).headers["ETag"] for one in fleet}
    assert len(tags) == 1


def test_instances_that_come_later_store_comments_at_once(fleet):
    """The servers behind the pooler know the statements of those that came before."""
    for number in range(6):
        say(fleet.kill_and_restart(number % 2), f"comment {number}")
    assert len(shown(fleet[0])) == 6


def test_a_stream_shows_what_the_other_instance_stores(fleet):
    with following(fleet[1], "t") as follower:
        for number in range(5):
            say(fleet[0], f"comment {number}")
        assert follower.ids(5) == [1, 2, 3, 4, 5]


def test_a_key_used_a_hundred_times_at_once_stores_one_comment(postgres, database, fleet):
    check_keys(postgres, database, fleet, keys=20)


def test_two_instances_share_few_backends(postgres, database, fleet):
    name = urllib.parse.urlsplit(database).path[1:]
    crowd = PatientCrowd(8, ["a", "b", "c"])
    crowd.begin(fleet.ports())
    seen = []
    for number in range(10):
        crowd.wait_for_more(10)
        for one in fleet:
            assert one.get(service.list_path("a", f"?limit={number + 1}")).status == 200
        seen += map(int, postgres.sql(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
                                      " AND application_name = 'comments'"))
    crowd.finish()
    print(f"2 instances behind PgBouncer: {min(seen)} to {max(seen)} backends")
    assert 1 <= max(seen) <= BACKENDS


def post_many(one, folder, name, count):
    """In threads with long names: there is much to tell the other instance."""
    lines = folder / "lines.ndjson"
    lines.write_text("".join(json.dumps({"content_id": f"{name}-{number}-{100 * 'x'}", "email": "a@b",
                                         "comment": "text"}) + "\n" for number in range(count)),
                     encoding="utf-8")
    assert service.run_comments(folder, "post", "--from", lines, "--url", one.url).returncode == 0


@pytest.mark.slow
def test_notifications_for_others_cost_no_memory(fleet, tmp_path):
    """A pooler brings them to connections that have not asked for any."""
    over = threading.Event()

    def read():
        connection = fleet[0].connect()
        for number in itertools.count():
            if over.is_set():
                break
            service.exchange(connection, "GET", service.list_path("t", f"?after={number % 1000}"))

    reader = threading.Thread(target=read)
    reader.start()
    memory = []
    try:
        for number in range(4):
            post_many(fleet[1], tmp_path, f"round-{number}", 15_000)
            memory.append([one.memory() for one in fleet])
    finally:
        over.set()
        reader.join()
    grown = [last - first for first, last in zip(memory[1], memory[-1])]
    print(f"30,000 posts, each told to all: the instances took {grown} KiB more")
    assert max(grown) < 400  # seen: 4, and 700 to 1,200 where libpq kept them


def check_restarts(bouncer, fleet, times):
    random = generated.seeded()
    both = range(len(fleet))
    gaps = []
    with Writing(fleet, writers=8) as crowd:
        for _ in range(times):
            crowd.wait_for_more(random.randint(20, 200))
            fault = time.monotonic()
            bouncer.kill()
            if random.random() < 0.5:  # a short absence, and one that is noticed
                crowd.wait_for_answers(503, 5, both, fault)
            bouncer.start()
            repaired = time.monotonic()
            crowd.wait_for_answers(200, 3, both, repaired)
            gaps.append(measure_gap(crowd, fault, repaired, both))
    print_gaps("PgBouncer killed and started", gaps)
    verdict = check_kept("restarts of PgBouncer", crowd, fleet)
    assert verdict.is_clean(), verdict


def test_a_pooler_that_is_killed_loses_and_doubles_nothing(bouncer, fleet):
    check_restarts(bouncer, fleet, times=3)


@pytest.mark.slow
def test_a_pooler_that_is_killed_often_loses_and_doubles_nothing(bouncer, fleet):
    check_restarts(bouncer, fleet, times=40)
