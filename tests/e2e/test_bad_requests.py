"""A request that is not one of ours (path, method, media type, query) is told what would be."""

import pytest

import service
from refusals import Request, check_refusal, check_still_well, get, post, row

BAD = (400, "BAD-REQUEST")
NOT_FOUND = (404, "NOT-FOUND")
MEDIA = (415, "UNSUPPORTED-MEDIA-TYPE", "Content-Type: application/json")
BODY = service.new_comment("media", "text")
FORM = "application/x-www-form-urlencoded"
PART = (b'--b\r\nContent-Disposition: form-data; name="comment"\r\n\r\nhello\r\n--b--\r\n')
LIST = "/api/comment/list/1"


def media(name, content_type, body=BODY):
    headers = {} if content_type is None else {"Content-Type": content_type}
    return row(f"media type: {name}", post(body, headers), *MEDIA)


MEDIA_TYPES = [
    media("none", None), media("empty", ""), media("text", "text/plain"),
    media("text with JSON inside", "text/plain;charset=application/json"),
    media("form", FORM, b"email=a%40b&comment=c&content_id=1"),
    media("form that holds JSON", FORM), media("long form", FORM, b"comment=" + b"x" * 20_000),
    media("multipart", "multipart/form-data; boundary=b", PART),
    media("multipart without boundary", "multipart/form-data", PART),
    media("multipart that is none", "multipart/form-data; boundary=b", BODY),
    media("another JSON", "application/problem+json"), media("nearly", "application/jsonp"),
    media("two at once", "application/json, text/plain"),
    row("a compressed body", post(BODY, {"Content-Type": "application/json",
                                         "Content-Encoding": "gzip"}),
        415, "UNSUPPORTED-MEDIA-TYPE", "without a Content-Encoding"),
]

UNKNOWN_PATHS = [
    row(f"no such path: {target}", get(target), *NOT_FOUND, "no such path")
    for target in ("/nope", "/api", "/api/comment", "/api/comment/new/", "/api/comment/list",
                   "/api/comment/list/1/2/3", "//api/comment/list/1", "/api//comment/list/1",
                   "/api/comment/list//1/2", "/API/comment/list/1", "/health", "/health/ready/",
                   "/api/comment/list%2F1", "/metrics", "/api/comment/./list/1", "/%2e%2e/etc")
] + [
    row("no such comment", get(LIST + "/99"), *NOT_FOUND, "content_id 1 has no comment 99"),
    row("no such path, posted", Request("POST", "/api/comment", BODY), *NOT_FOUND, "no such path"),
]

BAD_TARGETS = [
    row("percent, then no hex", get("/api/comment/list/%zz"), *BAD, "the path is not percent-"),
    row("percent at the end", get("/api/comment/list/1%"), *BAD, "the path is not percent-"),
    row("percent in the query", get(LIST + "?limit=%zz"), *BAD, "the query is not percent-"),
    row("percent in a query nobody reads", get("/health/live?x=%"), *BAD, "the query is not"),
    row("NUL", get("/api/comment/list/%00"), *BAD, "control characters"),
    row("line feed", get("/api/comment/list/a%0Ab"), *BAD, "control characters"),
    row("an encoded slash", get("/api/comment/list/a%2Fb"), *BAD, "must not contain '/'"),
    row("an encoded slash before an id", get("/api/comment/list/a%2Fb/1"), *BAD, "'/'"),
    row("no UTF-8", get("/api/comment/list/%ff"), *BAD, "must be valid UTF-8"),
    row("overlong UTF-8", get("/api/comment/list/%c0%af"), *BAD, "must be valid UTF-8"),
    row("a surrogate", get("/api/comment/list/%ed%a0%80"), *BAD, "must be valid UTF-8"),
    row("empty content_id", get("/api/comment/list/"), *BAD, "must not be empty"),
    row("empty content_id of a comment", get("/api/comment/list//1"), *BAD, "must not be empty"),
    row("empty id", get(LIST + "/"), *BAD, "a number from 1"),
    row("very long path", get("/" + "a" * 20_000), 414, "TOO-LARGE", "too long"),
    row("very long query", get(LIST + "?x=" + "a" * 20_000), 414, "TOO-LARGE", "too long"),
] + [row(f"id {text}", get(f"{LIST}/{text}"), *BAD, "a number from 1")
     for text in ("0", "-1", "abc", "1.0", "%31x", "+1", "99999999999999999999")]

BAD_QUERIES = [
    row(f"{name}={value}", get(f"{LIST}?{name}={value}"), *BAD, fragment)
    for name, fragment, values in (
        ("limit", "limit must be a number from 1 to 1000",
         ("", "0", "-1", "1001", "abc", "1.5", "1e2", "0x1", "%201", "99999999999999999999")),
        ("after", "numbers from 0", ("", "-1", "abc", "1.5", "99999999999999999999")),
        ("before", "numbers from 0", ("", "-1", "abc", "1.5", "99999999999999999999")),
        ("order", "order must be asc or desc", ("", "up", "ASC", "asc%20")),
        ("view", "view must be full", ("", "tiny", "FULL")))
    for value in values
] + [
    row("count of an empty id", get("/api/comment/count?content_id="), *BAD, "must not be empty"),
    row("count of a slash", get("/api/comment/count?content_id=a%2Fb"), *BAD, "'/'"),
    row("count of nothing", get("/api/comment/count"), *BAD, "1 to 500 threads"),
    row("count by another name", get("/api/comment/count?id=1"), *BAD, "1 to 500 threads"),
]


@pytest.mark.parametrize("request_, status, word, fragment",
                         [*MEDIA_TYPES, *UNKNOWN_PATHS, *BAD_TARGETS, *BAD_QUERIES])
def test_a_request_that_is_not_ours_is_refused(shared, request_, status, word, fragment):
    check_refusal(request_.send_to(shared), status, word, fragment)


@pytest.mark.parametrize("target, allowed", [
    ("/api/comment/new", "POST, OPTIONS"), (LIST, "GET, HEAD, OPTIONS"),
    (LIST + "/1", "GET, HEAD, OPTIONS"), ("/api/comment/count", "GET, HEAD, OPTIONS"),
    ("/health/ready", "GET, HEAD, OPTIONS"), ("/openapi.json", "GET, HEAD, OPTIONS"),
    ("/", "GET, HEAD, OPTIONS"), ("/page/v/page.js", "GET, HEAD, OPTIONS"),
])
def test_another_method_is_refused_with_those_that_are_allowed(shared, target, allowed):
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(allowed.split(", ")):
        answer = shared.request(method, target, b"{}" if method != "GET" else None)
        check_refusal(answer, 405, "METHOD-NOT-ALLOWED", allowed)
        assert answer.headers["Allow"] == allowed
    answer = shared.request("OPTIONS", target)
    assert (answer.status, answer.headers["Allow"], answer.body) == (204, allowed, b"")


def test_the_server_as_a_whole_names_its_methods(shared):
    answer = shared.request("OPTIONS", "*")
    assert (answer.status, answer.headers["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_a_head_is_the_get_without_its_body(shared):
    shared.post(service.new_comment("head", "text"))
    for target in ("/api/comment/list/head", "/api/comment/list/head/1", "/api/comment/list/none",
                   "/api/comment/count?content_id=head", "/health/live", "/openapi.json", "/",
                   "/page/v/page.js"):
        get_, head = shared.get(target), shared.request("HEAD", target)
        assert (head.status, head.body) == (get_.status, b"")
        for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "X-Total-Count"):
            assert head.headers[name] == get_.headers[name], (target, name)
    for target in ("/nope", LIST + "?limit=0"):
        assert shared.request("HEAD", target).status == shared.get(target).status
    assert shared.request("HEAD", "/api/comment/new").status == 405


@pytest.mark.parametrize("content_type", [
    "application/json", "application/json; charset=utf-8", "Application/JSON",
    "application/json ;charset=utf-8", "application/json;",
])
def test_json_is_taken_under_every_spelling_of_its_media_type(shared, content_type):
    assert post(BODY, {"Content-Type": content_type}).send_to(shared).status == 200


@pytest.mark.parametrize("value", ["bytes=0-1", "bytes=5-", "bytes=9999-", "bytes=x", "lines=1-2"])
def test_a_range_is_ignored_the_whole_list_comes(shared, value):
    shared.post(service.new_comment("range", "text"))
    answer = shared.get("/api/comment/list/range", {"Range": value})
    assert (answer.status, answer.body) == (200, shared.get("/api/comment/list/range").body)


def test_parameters_that_nobody_knows_are_ignored(shared):
    shared.post(service.new_comment("query", "text"))
    for query in ("?", "?x", "?x=1&y=2", "?&&", "?limits=0", "?Limit=0", "?=", "?utm=%C3%A9"):
        assert shared.get("/api/comment/list/query" + query).status == 200, query


def test_after_all_of_that_the_service_is_ready(shared):
    check_still_well(shared)
