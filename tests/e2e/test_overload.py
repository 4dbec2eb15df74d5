"""Ten times as many posts as a slow store keeps: what it can keep it keeps, the rest is refused at
once, readers notice nothing, and a hot thread leaves the others room (row 8)."""

import pytest

import open_loop
import service

CAPACITY = 200  # comments a second: see slow_store_serve.cpp
REFUSED = 503


@pytest.fixture
def slow(start):
    one = start(binary=service.find_binary("COMMENTS_SLOW_STORE_SERVE"))
    assert one.post(service.new_comment("read", "text")).status == 200
    return one


def hot(number):
    return open_loop.post("hot", f"hot {number}")


def one_of_fifty(number):
    return open_loop.post(f"thread-{number % 50}", f"comment {number}")


def check_overload(one, seconds):
    outcomes = open_loop.run(one, {"post": (10 * CAPACITY, one_of_fifty),
                                   "read": (100, lambda _: open_loop.get("read"))}, seconds)
    kept = open_loop.of(outcomes, "post", 200)
    refused = open_loop.of(outcomes, "post", REFUSED)
    reads = open_loop.of(outcomes, "read", 200)
    posts = open_loop.of(outcomes, "post")
    assert len(kept) + len(refused) == len(posts), "a post is kept or refused, nothing else"
    assert len(reads) == 100 * seconds, "every read is answered"
    assert all(one.retry_after == "1" for one in outcomes if one.status == REFUSED)
    assert len(kept) >= 0.9 * CAPACITY * seconds
    print(f"{len(posts)} posts in {seconds} s: {len(kept)} kept, that is "
          f"{len(kept) / (CAPACITY * seconds):.0%} of capacity; {len(refused)} refused, p99 "
          f"{open_loop.p99(refused) * 1e3:.1f} ms; reads p99 {open_loop.p99(reads) * 1e3:.1f} ms")
    stored = sum(one.get("/api/comment/count?" + "&".join(
        f"content_id=thread-{thread}" for thread in range(50))).json().values())
    assert stored == len(kept), "what was answered is stored, what was refused is not"


def check_back_to_normal(one):
    outcomes = open_loop.run(one, {"post": (CAPACITY // 4, one_of_fifty)}, 1)
    assert len(open_loop.of(outcomes, "post", 200)) == CAPACITY // 4


def test_ten_times_more_than_the_store_keeps(slow):
    check_overload(slow, 3)
    check_back_to_normal(slow)


@pytest.mark.slow
def test_ten_times_more_for_a_minute(slow):
    memory = slow.memory()
    check_overload(slow, 60)
    check_back_to_normal(slow)
    print(f"memory: {memory} KiB before, {slow.memory()} KiB after")
    assert slow.memory() < 1.5 * memory


def test_a_hot_thread_leaves_the_others_room(slow):
    outcomes = open_loop.run(
        slow, {"hot": (10 * CAPACITY, hot),
               "quiet": (CAPACITY // 10, lambda n: open_loop.post("quiet", f"quiet {n}"))}, 3)
    assert open_loop.of(outcomes, "hot", REFUSED)
    assert not open_loop.of(outcomes, "quiet", REFUSED)
    assert len(open_loop.of(outcomes, "quiet", 200)) == CAPACITY // 10 * 3
