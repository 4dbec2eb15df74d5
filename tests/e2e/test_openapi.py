"""/openapi.json tells the truth: every route is driven, every real answer fits its schema."""

import json
import signal

import jsonschema
import pytest

import service
from refusals import Request, get, post

THREAD = "/api/comment/list/{content_id}"
COMMENT = THREAD + "/{id}"
COUNT = "/api/comment/count"
STREAM = "/api/comment/stream/{content_id}"
GOOD_DRAFTS = [
    {"email": "alice@example.com", "comment": "first post!", "content_id": 1},
    {"email": "bob@example.com", "comment": "I agree", "content_id": "1"},
    {"email": "a@b", "comment": "x" * 10_000, "content_id": "é" * 100},
    {"email": "a@b", "comment": "\n\U0001f600\u202e", "content_id": -2**63, "unknown": [{}]},
    {"email": "a@b", "comment": "x", "content_id": 2**63},
]
BAD_DRAFTS = [
    {}, [], "text", None,
    {"email": "a@b", "comment": "x"}, {"email": "a@b", "content_id": 1},
    {"comment": "x", "content_id": 1},
    {"email": "a@b", "comment": "x", "content_id": 1.5},
    {"email": "a@b", "comment": "x", "content_id": True},
    {"email": "a@b", "comment": "x", "content_id": 2**63 + 1},
    {"email": "a@b", "comment": "x", "content_id": ""},
    {"email": "a@b", "comment": "", "content_id": 1},
    {"email": "a@b", "comment": None, "content_id": 1},
    {"email": "a@b", "comment": "x" * 10_001, "content_id": 1},
    {"email": "no address", "comment": "x", "content_id": 1},
    {"email": "a@b@c", "comment": "x", "content_id": 1},
    {"email": "a@" + "b" * 253, "comment": "x", "content_id": 1},
]
CONFLICT = json.dumps(GOOD_DRAFTS[0]).encode(), json.dumps(GOOD_DRAFTS[1]).encode()
KEYED = {"Content-Type": "application/json", "Idempotency-Key": "key"}

# For every operation of the document: what is sent to it, good and bad.
CALLS = {
    ("/api/comment/new", "post"): [
        *(post(json.dumps(draft).encode()) for draft in [*GOOD_DRAFTS, *BAD_DRAFTS]),
        post(b"{"), post(b"x" * 70_000), post(b"a=b", {"Content-Type": "text/plain"}),
        *(post(body, KEYED) for body in CONFLICT),
    ],
    (THREAD, "get"): [
        *(get("/api/comment/list/" + rest) for rest in (
            "1", "1?view=full", "1?limit=1&order=desc", "1?after=1", "1?after=99", "%C3%A9",
            "nobody", "1?limit=0", "1?view=tiny", "%00", "x" * 201, "")),
        get("/api/comment/list/1", **{"If-None-Match": "list 1"}),
    ],
    (COMMENT, "get"): [
        *(get("/api/comment/list/" + rest) for rest in ("1/1", "1/99", "1/x", "x" * 201 + "/1")),
        get("/api/comment/list/1/1", **{"If-None-Match": "comment 1"}),
    ],
    (COUNT, "get"): [get(COUNT + query) for query in (
        "?content_id=1", "?content_id=1&content_id=2&content_id=%C3%A9", "", "?content_id=",
        "?content_id=" + "x" * 201, "?content_id=1" + "&content_id=2" * 500)],
    (STREAM, "get"): [get("/api/comment/stream/" + rest)  # what does not end: test_streams.py
                      for rest in ("1?after=x", "", "x" * 201)],
    ("/health/live", "get"): [get("/health/live")],
    ("/health/ready", "get"): [get("/health/ready")],
    ("/health/startup", "get"): [get("/health/startup")],
    ("/openapi.json", "get"): [get("/openapi.json")],
    ("/", "get"): [get("/"), get("/?content_id=1", **{"If-None-Match": "page"})],
    ("/page/{version}/{file}", "get"): [
        get("/page/v/page.js"), get("/page/v/page.css"), get("/page/v/nothing"),
        get("/page/v/page.js", **{"If-None-Match": "file"})],
}


class Document:
    """The OpenAPI document: its operations, and its verdict on an answer."""

    def __init__(self, document):
        self.root = document
        self.resolver = jsonschema.RefResolver.from_schema(document)

    def operations(self):
        return {(path, method): operation for path, item in self.root["paths"].items()
                for method, operation in item.items()}

    def resolved(self, part):
        return self.resolver.resolve(part["$ref"])[1] if "$ref" in part else part

    def validator(self, schema):
        return jsonschema.Draft202012Validator(schema, resolver=self.resolver)

    def draft(self):
        return self.validator({"$ref": "#/components/schemas/Draft"})

    def check_answer(self, operation, answer):
        responses = self.operations()[operation]["responses"]
        assert str(answer.status) in responses, f"{operation} answered {answer.status}"
        response = self.resolved(responses[str(answer.status)])
        content = response.get("content")
        if content is None:
            assert answer.body == b"", operation
            return
        kind = answer.headers["Content-Type"].removesuffix("; charset=utf-8")
        said = answer.json() if kind == "application/json" else answer.body.decode()
        self.validator(content[kind]["schema"]).validate(said)


@pytest.fixture(scope="module")
def document(shared):
    return Document(shared.get("/openapi.json").json())


def with_real_tags(one, request):
    """An If-None-Match of CALLS names what to fetch the tag of."""
    if "If-None-Match" not in request.headers:
        return request
    tag = one.get(request.target).headers["ETag"]
    return Request(request.method, request.target, headers={"If-None-Match": tag})


def test_every_answer_of_every_route_is_as_documented(shared, document):
    assert set(CALLS) == set(document.operations()), "drive what is documented, and nothing else"
    occurred = set()
    for operation, requests in CALLS.items():
        for request in requests:
            answer = with_real_tags(shared, request).send_to(shared)
            document.check_answer(operation, answer)
            occurred.add((*operation, answer.status))
    print(f"{len(occurred)} combinations of path, method and status occurred, all documented:")
    for path, method, status in sorted(occurred):
        print(f"  {status} {method} {path}")
    assert {status for path, _, status in occurred if path == THREAD} == {200, 304, 400, 404, 413}
    assert {status for path, _, status in occurred if path == COMMENT} == {200, 304, 400, 404, 413}
    assert {status for path, _, status in occurred if path == COUNT} == {200, 400, 413}
    assert {status for path, _, status in occurred if path == "/api/comment/new"} == {
        200, 400, 413, 415, 422}


def test_a_service_that_drains_answers_as_documented(start, document):
    one = start("--drain-delay", "60s")
    one.send_signal(signal.SIGTERM)
    service.wait_until(lambda: one.health()[0] == 503, "/health/ready to say 503")
    for path in ("/health/live", "/health/ready", "/health/startup"):
        document.check_answer((path, "get"), one.get(path))


def test_the_draft_schema_takes_what_the_service_takes(shared, document):
    for draft in GOOD_DRAFTS:
        document.draft().validate(draft)
        assert shared.post(json.dumps(draft).encode()).status == 200, draft


def test_the_draft_schema_refuses_what_the_service_refuses(shared, document):
    for draft in BAD_DRAFTS:
        assert not document.draft().is_valid(draft), draft
        assert shared.post(json.dumps(draft).encode()).status in (400, 413), draft


def test_every_example_of_the_document_fits_its_schema(document):
    def examples(part):
        if isinstance(part, dict):
            if "schema" in part and "example" in part:
                yield part["schema"], part["example"]
            for one in part.get("examples", {}).values() if "schema" in part else ():
                yield part["schema"], one["value"]
            for one in part.values():
                yield from examples(one)

    found = list(examples(document.root))
    for schema, example in found:
        document.validator(schema).validate(example)
    assert len(found) >= 5


def test_the_document_itself_is_sound(document):
    def references(part):
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                yield from references(one)

    assert document.root["openapi"].startswith("3.1.")
    for reference in references(document.root):
        document.resolver.resolve(reference)
    for schema in document.root["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for operation in document.operations().values()]
    assert len(set(ids)) == len(ids)
