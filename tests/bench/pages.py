"""Pages of 50: a thread of 10,000 must not be slower than one of 100.

Warm: one page again and again. Cold: from anywhere, of a service that keeps no lists in memory, so
that each is read from the store; there are thousands of different pages in a hundred threads of 100
as in one of 10,000, so that few clients meet at one.

The worst of a hundred answers is what the rest of the machine does to it: so there are many short
rounds instead of few long ones.
"""

import functools
import itertools

import output
import serving
import wrk
from measured import interleaved

LOAD = 64
SECONDS = 1
ROUNDS = 3  # for each of the bench's
WHOLE_LOAD = 16
PAGE = "?limit=50"
THREADS = {"thread of 100": ("small-%d", 100, 100), "thread of 10,000": ("big", 1, 10_000)}
dice = itertools.count()


def warm(bench, running, row, name):
    output.say(f"a page again and again: {row}")
    target = "/api/comment/list/" + name.replace("%d", "0") + PAGE
    bench.measured.add("pages, warm", row, LOAD,
                       wrk.measure(running.group, running.url(target), LOAD, SECONDS))


def cold(bench, running, row, name, threads, comments):
    output.say(f"pages from anywhere, without the cache: {row}")
    words = [f"/api/comment/list/{name}", threads, comments, next(dice)]
    bench.measured.add("pages, cold", row, LOAD, wrk.measure(
        running.group, running.url(), LOAD, SECONDS, script="pages.lua", words=words))


def whole(bench, running):
    output.say("the whole list of 10,000")
    bench.measured.add("whole list", "10,000 comments", WHOLE_LOAD, wrk.measure(
        running.group, running.url("/api/comment/list/big"), WHOLE_LOAD, SECONDS))


def run(bench):
    database = bench.filled_store()
    cached = bench.keep(serving.start(bench.folder / "filled", store=database))
    bare = bench.keep(serving.start(bench.folder / "filled", "--cache-size", "0", store=database))
    cases = []
    for row, (name, threads, comments) in THREADS.items():
        cases.append(functools.partial(warm, bench, cached, row, name))
        cases.append(functools.partial(cold, bench, bare, row, name, threads, comments))
    cases.append(functools.partial(whole, bench, cached))
    interleaved(bench.rounds * (1 if bench.quick else ROUNDS), cases)
    cached.group.end()
    bare.group.end()
