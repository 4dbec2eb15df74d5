"""Every limit: exactly at it the request is kept, one over it is refused."""

import json

import pytest

import service
from refusals import JSON, check_refusal, check_still_well, get, kept, post

TOO_LARGE = (413, "TOO-LARGE")
BODY_LIMIT = 64 * 1024


def check_kept(one, content_id, comment, body):
    answer = one.post(body)
    assert answer.status == 200, answer.body
    assert kept(one, content_id)["comment"] == comment


@pytest.mark.parametrize("unit, escaped", [
    pytest.param("a", False, id="ASCII"), pytest.param("é", True, id="escaped"),
    pytest.param("€", False, id="three bytes"), pytest.param("😀", False, id="four bytes"),
])
def test_a_comment_one_character_over_the_limit_is_refused_at_the_limit_it_is_kept(
        shared, unit, escaped):
    def body(count):
        return json.dumps({"email": "a@b", "comment": unit * count, "content_id": "limits"},
                          ensure_ascii=escaped).encode()

    check_kept(shared, "limits", unit * 10_000, body(10_000))
    check_refusal(shared.post(body(10_001)), *TOO_LARGE, "at most 10000 characters")


def test_an_emoji_that_is_escaped_counts_as_one_character(shared):
    emojis = "😀" * 5_000  # twelve bytes each, so that 10,000 do not fit into a body
    check_kept(shared, "limits", emojis, service.new_comment("limits", emojis))


@pytest.mark.parametrize("unit", ["a", "é", "😀"])
def test_a_content_id_over_200_bytes_is_refused_with_200_it_is_kept(shared, unit):
    longest = unit * (200 // len(unit.encode()))
    check_kept(shared, longest, "text", service.new_comment(longest, "text"))
    refused = shared.post(service.new_comment(longest + "b", "text"))
    check_refusal(refused, *TOO_LARGE, "content_id has at most 200 bytes")
    refused = shared.get(service.list_path(longest + "b"))
    check_refusal(refused, *TOO_LARGE, "content_id has at most 200 bytes")


def test_an_email_over_254_bytes_is_refused_with_254_it_is_kept(shared):
    longest = "é" * 121 + "@example.com"
    assert len(longest.encode()) == 254
    assert shared.post(service.new_comment("limits", "text", longest)).status == 200
    assert kept(shared, "limits")["email"] == longest
    refused = shared.post(service.new_comment("limits", "text", longest + "m"))
    check_refusal(refused, *TOO_LARGE, "email has at most 254 bytes")


def test_an_idempotency_key_over_255_characters_is_refused_with_255_it_is_taken(shared):
    body = service.new_comment("keys", "text")
    longest = {"Idempotency-Key": "~" * 255}
    assert shared.post(body, longest).headers["Location"] == "/api/comment/list/keys/1"
    assert shared.post(body, longest).headers["Location"] == "/api/comment/list/keys/1"
    refused = shared.post(body, {"Idempotency-Key": "~" * 256})
    check_refusal(refused, 400, "BAD-REQUEST", "1 to 255 visible ASCII characters")


@pytest.mark.parametrize("key", [b"two words", b"tab\there", b"caf\xe9"])
def test_an_idempotency_key_has_visible_ascii_characters_only(shared, key):
    refused = shared.post(service.new_comment("keys", "text"), {"Idempotency-Key": key})
    check_refusal(refused, 400, "BAD-REQUEST", "visible ASCII characters")


def test_an_idempotency_key_that_is_empty_or_sent_twice_is_refused(shared):
    body = service.new_comment("keys", "text")
    check_refusal(shared.post(body, {"Idempotency-Key": ""}),
                  400, "BAD-REQUEST", "1 to 255 visible ASCII characters")
    connection = shared.connect()
    connection.putrequest("POST", "/api/comment/new")
    for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))),
                        ("Idempotency-Key", "one"), ("Idempotency-Key", "two")):
        connection.putheader(name, value)
    connection.endheaders(body)
    check_refusal(service.read_answer(connection), 400, "BAD-REQUEST", "send one Idempotency-Key")
    connection.close()


def padded_to(size):
    start, end = service.new_comment("body", "text")[:-1] + b',"pad":"', b'"}'
    return start + b"x" * (size - len(start) - len(end)) + end


def test_a_body_over_64_kib_is_refused_with_64_kib_it_is_kept(shared):
    check_kept(shared, "body", "text", padded_to(BODY_LIMIT))
    for size in (BODY_LIMIT + 1, 10 * BODY_LIMIT):
        check_refusal(shared.post(padded_to(size)), *TOO_LARGE, "at most 64 KiB")


def chunked(one, body):
    connection = one.connect()
    connection.request("POST", "/api/comment/new", iter([body[:1000], body[1000:]]),
                       {**JSON, "Transfer-Encoding": "chunked"}, encode_chunked=True)
    answer = service.read_answer(connection)
    connection.close()
    return answer


def test_the_limit_of_a_body_is_the_same_in_chunks(shared):
    assert chunked(shared, padded_to(BODY_LIMIT)).status == 200
    check_refusal(chunked(shared, padded_to(BODY_LIMIT + 1)), *TOO_LARGE, "at most 64 KiB")


def nested(levels, opening=b"[", closing=b"]"):
    """A draft whose unknown field makes the body nest that deep, the body itself counted."""
    inner = opening * (levels - 1) + b"1" + closing * (levels - 1)
    return service.new_comment("nesting", "text")[:-1] + b',"deep":' + inner + b"}"


@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")], ids=["arrays", "objects"])
def test_33_levels_of_nesting_are_refused_32_are_ignored(shared, brackets):
    assert shared.post(nested(32, *brackets)).status == 200
    refused = shared.post(nested(33, *brackets))
    check_refusal(refused, 400, "BAD-REQUEST", "nested deeper than 32 levels")


@pytest.mark.parametrize("unit", [b"[", b'{"a":', b'[{"a":'])
def test_nesting_as_deep_as_a_body_can_hold_is_refused(shared, unit):
    head = service.new_comment("nesting", "text")[:-1] + b',"deep":'
    deepest = head + unit * ((BODY_LIMIT - len(head)) // len(unit))
    check_refusal(shared.post(deepest), 400, "BAD-REQUEST", "nested deeper than 32 levels")
    bare = unit * (BODY_LIMIT // len(unit))
    assert post(bare).send_to(shared).status == 400
    check_still_well(shared)


def test_a_million_levels_of_nesting_are_too_large(shared):
    check_refusal(shared.post(b"[" * 1_000_000), *TOO_LARGE, "at most 64 KiB")
    check_still_well(shared)


def test_a_count_names_at_most_500_threads(shared):
    def count(number):
        return get("/api/comment/count?" + "&".join(f"content_id={i}" for i in range(number)))

    assert len(count(500).send_to(shared).json()) == 500
    for number in (0, 501):
        check_refusal(count(number).send_to(shared), 400, "BAD-REQUEST", "1 to 500 threads")


def test_a_page_has_at_most_1000_comments(shared):
    shared.post(service.new_comment("page", "text"))
    assert shared.get("/api/comment/list/page?limit=1000").status == 200
    assert shared.get("/api/comment/list/page?limit=1").status == 200
    for limit in (0, 1001):
        refused = shared.get(f"/api/comment/list/page?limit={limit}")
        check_refusal(refused, 400, "BAD-REQUEST", "limit must be a number from 1 to 1000")
