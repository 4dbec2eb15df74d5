"""Posts: ours answers when a comment is on disk, the seed when it is in a dict."""

import functools
import itertools

import output
import peers
import wrk
from measured import interleaved

LOADS = (64, 256)
numbers = itertools.count()


def measure(bench, row, running, load):
    output.say(f"posts, {load} clients: {row}")
    bench.measured.add("posts", row, load, wrk.measure(
        running.group, running.url("/api/comment/new"), load, bench.seconds, script="posts.lua",
        words=[next(numbers)]))


def run(bench):
    interleaved(bench.rounds, [
        functools.partial(measure, bench, peers.named(name).title, bench.running[name], load)
        for load in (LOADS[:1] if bench.quick else LOADS)
        for name in ("comments", "seed-3") if name in bench.running])
