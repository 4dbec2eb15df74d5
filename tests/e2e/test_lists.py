"""Lists on the wire: the first answer, made for it, and the next, kept ready, are the same."""

import gzip
import socket

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


@pytest.mark.parametrize("query", ["", "?limit=20&order=desc"])
def test_who_has_posted_to_one_process_sees_it_in_another(start, query):
    writer, reader = start(), start()
    path = service.list_path("shared", query)
    for number in range(1, 30):
        posted = writer.post(service.new_comment("shared", f"comment {number}"))
        seen = posted.headers["Location"].rsplit("/", 1)[1]
        assert reader.get(path, {"X-Comments-Seen": seen}).headers["X-Total-Count"] == seen


def test_who_reads_a_big_list_slowly_keeps_nobody_waiting_and_gets_it_as_it_was(start):
    one = start("--store", "memory:")
    for number in range(300):
        one.post(service.new_comment("big", f"{number} " + "x" * 9_000))
    path = service.list_path("big")
    whole = one.get(path).body
    memory = one.memory()
    readers = []
    for _ in range(50):
        reader = socket.create_connection(("127.0.0.1", one.port), service.DEADLINE)
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert reader.recv(12) == b"HTTP/1.1 200"  # and no more for now
        readers.append(reader)
    assert one.memory() < memory + 16 * 1024, "they share one copy"
    for number in range(20):  # meanwhile the list grows in place
        assert one.post(service.new_comment("big", f"new {number}")).status == 200
        assert one.get(path).body != whole
    for reader in readers:
        with reader, reader.makefile("rb") as stream:
            assert stream.read().endswith(b"\r\n\r\n" + whole)
