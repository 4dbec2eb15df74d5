"""Several instances over one database answer as one: what is stored on A is on B (row 15)."""

import collections
import contextlib
import http.client
import statistics
import threading
import time
import urllib.parse

import pytest

import service
from fleet import Fleet
from patient_writers import PatientCrowd
from pgbouncer import Pgbouncer
from test_streams import following

CONNECTIONS = 6  # of an instance, at most


@pytest.fixture
def fleet(database, tmp_path):
    with Fleet(tmp_path, [database] * 3) as instances:
        yield instances


def say(one, comment, content_id="t", **headers):
    answer = one.post(service.new_comment(content_id, comment), headers)
    assert answer.status == 200, answer.body
    return answer


def shown(one, content_id="t", query="?view=full"):
    answer = one.get(service.list_path(content_id, query))
    return [comment["comment"] for comment in answer.json()] if answer.status == 200 else []


# Freshness

def measure_ages(write, read, rounds=15):
    """How old the oldest list was that did not show what had been acknowledged: for each comment,
    the seconds from its answer to the beginning of the last read that missed it."""
    ages = []
    for number in range(rounds):
        comment = f"comment {number}"
        shown(read)  # it is in the cache now, and fresh
        say(write, comment)
        acknowledged, age = time.monotonic(), 0.0
        while True:
            began = time.monotonic()
            if comment in shown(read):
                break
            age = began - acknowledged
            assert age < 5, f"{comment} is not shown"
        ages.append(age)
    print(f"the oldest list that lacked an acknowledged comment: median "
          f"{1000 * statistics.median(ages):.1f} ms, max {1000 * max(ages):.1f} ms old, "
          f"of {rounds} comments")
    return ages


def test_what_is_stored_on_one_instance_is_shown_by_another_at_once(fleet):
    ages = measure_ages(write=fleet[0], read=fleet[1])
    assert statistics.median(ages) < 0.25  # seen: 0.005; without news it is 0.9


def test_without_notifications_it_is_shown_within_a_second(postgres, database, tmp_path):
    with Pgbouncer(postgres.port) as bouncer:  # in transaction mode nobody hears a NOTIFY
        with Fleet(tmp_path, [bouncer.url(database)] * 2) as fleet:
            assert max(measure_ages(write=fleet[0], read=fleet[1], rounds=4)) < 1


def test_an_instance_shows_its_own_comments_at_once(fleet):
    for number in range(20):
        one = fleet[number % 3]
        say(one, f"comment {number}")
        assert shown(one)[-1] == f"comment {number}"


def test_whoever_has_seen_a_comment_sees_it_in_every_form_of_the_list(postgres, database, tmp_path):
    forms = ["?view=full", "?view=full&limit=1000", "?view=full&after=0", "?view=full&after=0&limit=500"]
    with Pgbouncer(postgres.port) as bouncer:
        with Fleet(tmp_path, [bouncer.url(database)] * 2) as fleet:
            for number in range(10):
                for form in forms:
                    shown(fleet[1], query=form)
                say(fleet[0], f"comment {number}")
                assert shown(fleet[1], query=f"?view=full&limit={900 + number}") \
                    == [f"comment {i}" for i in range(number + 1)]  # a form that nobody has kept
                for form in forms:
                    assert len(shown(fleet[1], query=form)) == number + 1, form


def test_a_stream_shows_what_another_instance_stores(fleet):
    with following(fleet[1], "t") as near, following(fleet[2], "t") as far:
        for number in range(5):
            say(fleet[0], f"comment {number}")
        assert near.ids(5) == far.ids(5) == [1, 2, 3, 4, 5]


def test_a_stream_misses_nothing_without_notifications(postgres, database, tmp_path):
    with Pgbouncer(postgres.port) as bouncer:
        with Fleet(tmp_path, [bouncer.url(database)] * 2) as fleet, following(fleet[1], "t") as far:
            for number in range(5):
                say(fleet[0], f"comment {number}")
            assert far.ids(5) == [1, 2, 3, 4, 5]


# The same answers everywhere

def test_all_instances_name_a_list_by_the_same_tag(fleet):
    for number in range(3):
        say(fleet[number], f"comment {number}")
    answers = [one.get(service.list_path("t")) for one in fleet]
    assert len({answer.body for answer in answers}) == 1
    [tag] = {answer.headers["ETag"] for answer in answers}
    for one in fleet:
        answer = one.get(service.list_path("t"), {"If-None-Match": tag})
        assert (answer.status, answer.body) == (304, b"")
    say(fleet[0], "another")
    assert fleet[0].get(service.list_path("t"), {"If-None-Match": tag}).status == 200


def test_all_instances_count_the_same(fleet):
    for number in range(7):
        say(fleet[number % 3], f"comment {number}")
    assert [one.count("t") for one in fleet] == [7, 7, 7]


def test_comments_posted_anywhere_are_numbered_without_gaps(fleet):
    crowd = PatientCrowd(9, ["t"])
    crowd.begin(fleet.ports())
    crowd.wait_for_more(300)
    crowd.finish()
    total = crowd.acknowledged()
    numbers = [number for writer in crowd.writers for number in writer.acknowledged.values()]
    assert sorted(numbers) == list(range(1, total + 1))


def test_a_key_that_one_instance_has_answered_is_answered_the_same_by_the_others(fleet):
    first, second, third = (say(one, "text", **{"Idempotency-Key": "k"}) for one in fleet)
    assert first.body == second.body == third.body
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    assert shown(fleet[1]) == ["text"]
    other = fleet[2].post(service.new_comment("t", "other text"), {"Idempotency-Key": "k"})
    assert other.status == 422


# One key, many at once

def post_text(content_id, comment, key):
    body = service.new_comment(content_id, comment)
    return (f"POST /api/comment/new HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def use_keys_at_once(fleet, keys, times=100, threads=20):
    """Each key `times` in parallel, spread over the instances → {key: the different answers}."""
    answers = collections.defaultdict(set)
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(contextlib.closing(fleet[i % len(fleet)].connect()))
                 for i in range(times)]
        for line in lines:
            line.connect()
        for key in range(keys):
            text = post_text(f"t{key % threads}", f"text {key}", f"k{key}")
            for line in lines:
                line.sock.sendall(text)
            for line in lines:
                response = http.client.HTTPResponse(line.sock, method="POST")
                response.begin()
                answers[key].add((response.status, response.read(), response.headers["Location"]))
    return answers


def check_keys(postgres, database, fleet, keys):
    began = time.monotonic()
    answers = use_keys_at_once(fleet, keys)
    seconds = time.monotonic() - began
    name = urllib.parse.urlsplit(database).path[1:]
    rows = postgres.sql("SELECT comment, count(*) FROM comments GROUP BY comment", name)
    print(f"{keys} keys × 100 at once on {len(fleet)} instances: {len(rows)} comments, "
          f"{sum(len(different) for different in answers.values())} different answers, "
          f"{100 * keys / seconds:.0f} posts/s")
    assert all(len(different) == 1 for different in answers.values())
    assert {status for different in answers.values() for status, _, _ in different} == {200}
    assert sorted(rows) == sorted(f"text {key}|1" for key in range(keys))


def test_a_key_used_a_hundred_times_at_once_stores_one_comment(postgres, database, fleet):
    check_keys(postgres, database, fleet, keys=50)


@pytest.mark.slow
def test_a_thousand_keys_used_a_hundred_times_at_once_store_a_comment_each(postgres, database, fleet):
    check_keys(postgres, database, fleet, keys=1_000)


# Connections

def test_an_instance_never_has_more_connections_than_its_share(postgres, database, fleet):
    name = urllib.parse.urlsplit(database).path[1:]
    crowd = PatientCrowd(16, [f"t{i}" for i in range(8)])
    reading = threading.Event()

    def read():
        connections = [one.connect() for one in fleet]
        number = 0
        while not reading.is_set():
            number += 1
            for connection in connections:  # lists that no cache has
                service.exchange(connection, "GET", service.list_path("t1", f"?after={number}"))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for thread in readers:
        thread.start()
    crowd.begin(fleet.ports())
    seen = []
    for _ in range(20):
        crowd.wait_for_more(20)
        seen += map(int, postgres.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                      f" 'comments' AND datname = '{name}'"))
    crowd.finish()
    reading.set()
    for thread in readers:
        thread.join()
    print(f"{len(fleet)} instances: {min(seen)} to {max(seen)} backends")
    assert max(seen) <= CONNECTIONS * len(fleet)
