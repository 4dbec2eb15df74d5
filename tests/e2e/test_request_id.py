"""Every answer that is an error can be found in the log, by an id that the caller may choose."""

import pytest

import service
from refusals import check_refusal


@pytest.mark.parametrize("sent", ["a", "req-1.2_3", "0" * 128, "A-Z.a-z_0-9"])
def test_a_well_formed_request_id_comes_back(shared, sent):
    refused = shared.get("/nope", {"X-Request-Id": sent})
    check_refusal(refused, 404, "NOT-FOUND", "no such path")
    assert refused.json()["request_id"] == sent
    assert shared.post(service.new_comment("id", "text"),
                       {"X-Request-Id": sent}).headers["X-Request-Id"] == sent
    assert shared.get("/api/comment/list/id",
                      {"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "0" * 129, "two words", "<script>", 'a"b', "a,b", "a/b", "é"], ids=ascii)
def test_a_malformed_request_id_is_replaced(shared, sent):
    refused = shared.get("/nope", {"X-Request-Id": sent.encode("latin-1")})
    check_refusal(refused, 404, "NOT-FOUND", "no such path")
    assert refused.json()["request_id"] != sent
    assert sent == "" or sent not in str(refused.headers)


def test_without_one_every_error_gets_its_own(shared):
    ids = {shared.get("/nope").json()["request_id"] for _ in range(20)}
    assert len(ids) == 20


def test_what_a_shared_cache_may_keep_carries_no_request_id(shared):
    shared.post(service.new_comment("cache", "text"))
    for target in ("/api/comment/list/cache", "/api/comment/list/cache/1",
                   "/api/comment/count?content_id=cache"):
        answer = shared.get(target)
        assert answer.status == 200 and "X-Request-Id" not in answer.headers, target
        tag = answer.headers["ETag"]
        if tag:
            again = shared.get(target, {"If-None-Match": tag})
            assert again.status == 304 and "X-Request-Id" not in again.headers, target
