"""The history checker finds each kind of broken promise, and nothing where none is broken."""

import pytest

import history
from history import ACKNOWLEDGED, REFUSED, UNKNOWN, Post, Read

FINAL = {"t": ["a", "b", "c"]}


def post(comment, outcome=ACKNOWLEDGED, number=None, at=0.0, instance=0, client=0):
    return Post(client, instance, at, at + 0.1, "t", comment, outcome, number)


def read(comments, at, after=0, total=None, instance=0, client=0, seen=0):
    total = after + len(comments) if total is None else total
    return Read(client, instance, at, at + 0.1, "t", after, tuple(comments), total, seen)


POSTS = [post("a", number=1), post("b", number=2, at=1, instance=1), post("c", number=3, at=2, instance=2)]


def rules(operations, final=None):
    return {violation.rule for violation in history.check(operations, final or FINAL)}


def test_a_true_history_has_no_violation():
    assert rules([*POSTS, read([], 0), read("a", 0.5), read("ab", 1.5), read("c", 2.5, after=2),
                  read("b", 3.2, after=1, total=3), read([], 3.5, after=3), read("abc", 9, seen=3)]) == set()


@pytest.mark.parametrize("final, rule", [
    (["a", "b"], "lost"),
    (["a", "b", "c", "b"], "duplicated"),
    (["a", "c", "b"], "misplaced"),
    (["a", "b", "c", "x"], "never posted"),
])
def test_a_broken_list_is_found(final, rule):
    assert rules(POSTS, {"t": final}) == {rule}


@pytest.mark.parametrize("times", [0, 1])
def test_what_nobody_knows_of_may_be_there_once(times):
    assert rules([*POSTS, post("x", UNKNOWN)], {"t": ["a", "b", "c", *["x"] * times]}) == set()


def test_what_nobody_knows_of_may_not_be_there_twice():
    assert rules([*POSTS, post("x", UNKNOWN)], {"t": [*"abcxx"]}) == {"duplicated"}


def test_what_was_tried_again_counts_as_what_became_of_it():
    tries = [post("x", UNKNOWN), post("x", number=4), post("x", number=4)]
    assert rules([*POSTS, *tries], {"t": [*"abcx"]}) == set()
    assert rules([*POSTS, *tries], {"t": [*"abcxx"]}) == {"duplicated"}
    assert rules([*POSTS, *tries, post("x", number=5)], {"t": [*"abcx"]}) == {"misplaced"}


def test_what_was_refused_may_not_be_there():
    assert rules([*POSTS, post("x", REFUSED)]) == set()
    assert rules([*POSTS, post("x", REFUSED)], {"t": [*"abcx"]}) == {"refused, and there"}


def test_a_reordered_list_is_found():
    assert "reordered" in rules([*POSTS, read("acb", 3)])
    assert "reordered" in rules([*POSTS, read("b", 3, after=2, total=3)])


def test_a_list_that_goes_beyond_its_own_count_is_found():
    assert "miscounted" in rules([*POSTS, read("abc", 2.5, total=2)])


def test_a_list_that_shrinks_is_found():
    before = read("abc", 2.2, instance=1)
    assert rules([*POSTS, before, read("ab", 2.4, instance=1)]) == {"shrunk"}
    assert rules([*POSTS, before, read("ab", 2.4, instance=1, client=1)]) == set()  # another's


def test_an_instance_that_does_not_show_what_it_has_stored_is_found():
    assert rules([*POSTS, read("ab", 2.2, instance=2)]) == {"not its own"}
    assert rules([*POSTS, read("ab", 2.2, instance=0)]) == set()  # news takes its time


def test_a_list_that_is_too_old_is_found():
    assert rules([*POSTS, read("ab", 3.0, instance=0)]) == set()
    assert rules([*POSTS, read("ab", 3.2, instance=0)]) == {"too old"}


def test_a_list_that_is_older_than_what_another_has_shown_is_found():
    posts = [*POSTS[:2], post("c", UNKNOWN, at=2, instance=2)]
    shown = read("abc", 2.5, instance=1)
    assert rules([*posts, shown, read("ab", 3.5, instance=0)]) == set()
    assert rules([*posts, shown, read("ab", 3.7, instance=0)]) == {"too old"}


def test_a_list_without_what_was_seen_is_found():
    assert rules([*POSTS, read("ab", 2.2, seen=3)]) == {"less than seen"}
