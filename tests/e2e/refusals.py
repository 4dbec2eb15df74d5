"""What every refusal has in common, whatever was wrong; and the rows of the tables of refusals."""

import dataclasses

import pytest

import service

JSON = {"Content-Type": "application/json"}
# What would betray that an exception's text, or a library's, got out.
LEAKS = ("exception", "what()", "std::", "basic_string", "nlohmann", "parse_error", "sqlite",
         "errno")


@dataclasses.dataclass
class Request:
    method: str
    target: str
    body: bytes = None
    headers: dict = dataclasses.field(default_factory=dict)

    def send_to(self, one):
        return one.request(self.method, self.target, self.body, self.headers)


def row(name, request, status, word, fragment):
    return pytest.param(request, status, word, fragment, id=name)


def post(body, headers=None):
    return Request("POST", "/api/comment/new", body, JSON if headers is None else headers)


def get(target, **headers):
    return Request("GET", target, headers=headers)


def check_refusal(answer, status, word, fragment):
    assert (answer.status, answer.json().get("status")) == (status, word), answer.body
    assert set(answer.json()) == {"message", "request_id", "status"}
    assert fragment in answer.json()["message"]
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"]
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.body.endswith(b"}\n") and answer.body.isascii()
    said = f"{answer.headers}{answer.body.decode()}".lower()
    assert not [leak for leak in LEAKS if leak in said]


def check_still_well(one):
    assert one.is_alive()
    assert one.get("/health/ready").status == 200


def kept(one, content_id):
    """The last comment of a thread, as the seed's list shows it."""
    return one.get(service.list_path(content_id, "?limit=1&order=desc")).json()[0]
