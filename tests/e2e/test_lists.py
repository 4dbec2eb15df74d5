"""Lists on the wire: the first answer, made for it, and the next, kept ready, are the same."""

import gzip

import pytest

import service

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def thread(shared):
    for number in range(300):
        assert shared.post(service.new_comment("match", f"comment {number} of the match")).status == 200
    return shared


def headers_of(answer):
    return {name: value for name, value in answer.headers.items() if name != "Date"}


@pytest.mark.parametrize("query", ["", "?limit=20&order=desc", "?view=full&after=10"])
@pytest.mark.parametrize("asked", [{}, GZIP], ids=["plain", "gzip"])
def test_the_kept_answer_is_the_one_that_was_made(thread, query, asked):
    path = service.list_path("match", query)
    made, kept = thread.get(path, asked), thread.get(path, asked)
    assert made.status == kept.status == 200
    assert headers_of(made) == headers_of(kept)
    assert made.body == kept.body
    assert int(made.headers["Content-Length"]) == len(made.body)


@pytest.mark.parametrize("asked", [{}, GZIP], ids=["plain", "gzip"])
def test_head_says_what_get_says_without_the_body(thread, asked):
    path = service.list_path("match")
    get = thread.get(path, asked)
    connection = thread.connect()
    for _ in range(2):  # on one connection: a body that is not there must not shift the next answer
        head = service.exchange(connection, "HEAD", path, headers=asked)
        assert (head.status, headers_of(head), head.body) == (200, headers_of(get), b"")


def test_gzip_says_the_same(thread):
    for query in ("", "?limit=100"):
        path = service.list_path("match", query)
        plain, small = thread.get(path), thread.get(path, GZIP)
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.body) == plain.body
        assert small.headers["ETag"] != plain.headers["ETag"]


def test_who_has_it_gets_no_body(thread):
    for asked in ({}, GZIP):
        path = service.list_path("match", "?limit=30")
        tag = thread.get(path, asked).headers["ETag"]
        unchanged = thread.get(path, {**asked, "If-None-Match": tag})
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert unchanged.headers["ETag"] == tag


def test_a_thread_of_ten_thousand_comes_whole_and_grows(start):
    one = start("--store", "memory:")
    connection = one.connect()
    headers = {"Content-Type": "application/json"}
    for number in range(10_000):
        body = service.new_comment("long", f"comment {number}")
        assert service.exchange(connection, "POST", "/api/comment/new", body, headers).status == 200
    path = service.list_path("long")
    for total in range(10_000, 10_003):
        plain, small = one.get(path), one.get(path, GZIP)
        assert len(plain.json()) == total
        assert plain.json()[-1]["comment"] == f"comment {total - 1}"
        assert gzip.decompress(small.body) == plain.body
        assert one.post(service.new_comment("long", f"comment {total}")).status == 200


def test_what_another_process_wrote_to_the_same_file_is_seen_within_a_moment(start):
    writer, reader = start(), start()
    path = service.list_path("shared")
    for text in ("first", "second"):
        assert writer.post(service.new_comment("shared", text)).status == 200
        service.wait_until(lambda text=text: text.encode() in reader.get(path).body,
                           "the other process's comment", deadline=5, pause=0.05)
