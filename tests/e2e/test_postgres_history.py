"""Whatever clients do on several instances, one truth explains it all, instances that are killed
included (row 15)."""

import http.client
import random as randomness
import sys
import threading
import time

import pytest

import generated
import history
import service
from fleet import Fleet, final_threads
from history import ACKNOWLEDGED, REFUSED, UNKNOWN, Post, Read
from pgbouncer import Pgbouncer
from writers import GONE

CLIENTS = 8
A_THREAD = 400  # operations: then another thread is the one that everybody is in
A_STAY = 25     # operations of a client on one instance
VISITS = 0.05   # of all operations: to threads where less is going on
EMPTY = 0.02    # of all posts: without what a comment needs, so that it is refused


class Client:
    """Posts, reads and moves on, and writes down what it was told."""

    def __init__(self, name, ports, clock, random, names_seen):
        self.name = name
        self.ports = ports
        self.clock = clock
        self.random = random
        self.names_seen = names_seen
        self.operations = []
        self.unknown = None  # a post that might be tried again
        self.seen = {}       # thread → the most that anybody has told us of it
        self.instance = 0
        self.connection = None

    def run(self):
        try:
            while (number := self.clock.tick()) is not None:
                if self.connection is None or self.random.randrange(A_STAY) == 0:
                    self.move()
                try:
                    if self.random.random() < VISITS:
                        self.visit(f"quiet {self.random.randrange(4)}")
                    else:
                        self.do(f"t{max(0, number // A_THREAD - self.random.randrange(2))}")
                except GONE:
                    self.move()
        finally:
            self.move()

    def move(self):
        if self.connection:
            self.connection.close()
        self.instance = self.random.randrange(len(self.ports))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.ports[self.instance],
                                                     timeout=service.DEADLINE)

    def do(self, thread):
        dice = self.random.random()
        if dice < 0.5:
            self.post(thread)
        elif dice < 0.8:
            self.read(thread, after=max(0, self.seen.get(thread, 0) - self.random.randrange(6)))
        else:
            self.read(thread, after=0)

    def visit(self, thread):
        """Where nobody asks for a page, the whole list stays in a cache for as long as it may."""
        if self.random.random() < 0.05:
            self.post(thread)
        else:
            self.read(thread, after=0)

    # Posts

    def post(self, thread):
        unknown, self.unknown = self.unknown, None
        if unknown and self.random.random() < 0.7:  # else it is given up: there or not there
            thread, comment = unknown
        else:
            comment = f"c{self.name}-{len(self.operations)}"
        is_empty = not unknown and self.random.random() < EMPTY
        body = service.new_comment(thread, comment, email="" if is_empty else "alice@example.com")
        began, answer = time.monotonic(), None
        try:
            answer = service.exchange(self.connection, "POST", "/api/comment/new", body,
                                      {"Content-Type": "application/json", "Idempotency-Key": comment})
        finally:
            self.note_post(began, thread, comment, answer)

    def note_post(self, began, thread, comment, answer):
        outcome, number = UNKNOWN, None
        if answer and answer.status == 200:
            outcome, number = ACKNOWLEDGED, int(answer.headers["Location"].rsplit("/", 1)[1])
            self.seen[thread] = max(self.seen.get(thread, 0), number)
        elif answer and answer.status != 503:
            assert 400 <= answer.status < 500, answer.body
            outcome = REFUSED
        else:
            self.unknown = thread, comment
        self.operations.append(Post(self.name, self.instance, began, time.monotonic(), thread, comment,
                                    outcome, number))

    # Reads

    def read(self, thread, after):
        """A page of the last comments, or the whole thread: each has a copy of its own in a cache."""
        query = f"?view=full&after={after}" if after else "?view=full"
        seen = self.seen.get(thread, 0) if self.names_seen else 0
        headers = {"X-Comments-Seen": str(seen)} if seen else {}
        began = time.monotonic()
        answer = service.exchange(self.connection, "GET", service.list_path(thread, query), None, headers)
        ended = time.monotonic()
        if answer.status == 503:
            return
        assert answer.status in (200, 404), answer.body
        comments, total = (), 0
        if answer.status == 200:
            comments = tuple(sys.intern(one["comment"]) for one in answer.json())
            total = int(answer.headers["X-Total-Count"])
        self.seen[thread] = max(self.seen.get(thread, 0), total)
        self.operations.append(Read(self.name, self.instance, began, ended, thread, after, comments,
                                    total, seen))


class Clock:
    """Counts the operations of all clients."""

    def __init__(self, end):
        self.lock = threading.Lock()
        self.now = 0
        self.end = end

    def tick(self):
        """The operation's number; None: enough."""
        with self.lock:
            self.now += 1
            return self.now if self.now <= self.end else None


def record(fleet, operations, kills, names_seen=False):
    """What the clients saw of that many operations, while instances were killed."""
    random = generated.seeded()
    clock = Clock(operations)
    clients = [Client(name, fleet.ports(), clock, randomness.Random(random.random()), names_seen)
               for name in range(CLIENTS)]
    failures = []

    def run(client):
        try:
            client.run()
        except BaseException as failure:  # told by the main thread
            failures.append(failure)
            clock.end = 0

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for moment in sorted(random.sample(range(operations), kills)):
        service.wait_until(lambda: failures or clock.now >= moment, "operations", 600)
        if not failures:
            fleet.kill_and_restart(random.randrange(len(fleet)))
    for thread in threads:
        thread.join()
    assert not failures, failures
    return [one for client in clients for one in client.operations]


def check_history(fleet, operations, kills, names_seen=False):
    """The violations; prints the figures."""
    began = time.monotonic()
    seen = record(fleet, operations, kills, names_seen)
    seconds = time.monotonic() - began
    threads = {one.thread for one in seen}
    final = {thread: [comment["comment"] for comment in comments]
             for thread, comments in final_threads(fleet, threads).items()}
    posts = [one.outcome for one in seen if isinstance(one, Post)]
    violations = history.check(seen, final)
    print(f"{len(seen)} operations of {CLIENTS} clients on {len(fleet)} instances in {seconds:.0f} s, "
          f"{kills} kills: {posts.count(ACKNOWLEDGED)} posts acknowledged, {posts.count(UNKNOWN)} "
          f"unknown, {posts.count(REFUSED)} refused, {len(seen) - len(posts)} lists, "
          f"{len(threads)} threads: {history.summary(violations)}")
    return violations


def test_three_instances_show_one_truth(database, tmp_path):
    with Fleet(tmp_path, [database] * 3) as fleet:
        assert check_history(fleet, 3_000, kills=4) == []


def test_three_instances_that_cannot_tell_each_other_show_one_truth(postgres, database, tmp_path):
    with Pgbouncer(postgres.port) as bouncer, Fleet(tmp_path, [bouncer.url(database)] * 3) as fleet:
        assert check_history(fleet, 6_000, kills=3) == []


def test_whoever_names_what_he_has_seen_sees_no_less(postgres, database, tmp_path):
    with Pgbouncer(postgres.port) as bouncer, Fleet(tmp_path, [bouncer.url(database)] * 3) as fleet:
        assert check_history(fleet, 2_000, kills=1, names_seen=True) == []


@pytest.mark.slow
def test_three_instances_show_one_truth_for_a_long_time(database, tmp_path):
    with Fleet(tmp_path, [database] * 3) as fleet:
        assert check_history(fleet, 100_000, kills=60) == []


@pytest.mark.slow
def test_three_instances_that_cannot_tell_each_other_show_one_truth_for_a_long_time(
        postgres, database, tmp_path):
    with Pgbouncer(postgres.port) as bouncer, Fleet(tmp_path, [bouncer.url(database)] * 3) as fleet:
        assert check_history(fleet, 30_000, kills=20) == []
