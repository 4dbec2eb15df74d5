"""With --email-visibility hidden, no address that a reader gave comes out anywhere but in an export: in no
body, header, event, log line or metric, in none of the forms in which it could be written."""

import base64
import gzip
import hashlib
import json
import quopri
import re
import urllib.parse
import urllib.request

import pytest

import service
from test_streams import following

# The name alone gives somebody away, and so does the host: each is looked for by itself.
PLANTED = [("planted.name", "secret-host.example"), ("plânted", "sécret-host.example"),
           ("pl+anted'quote", "sub.secret-host.example")]
TARGETS = ["/api/comment/list/1", "/api/comment/list/1?view=full", "/api/comment/list/1?limit=1&order=desc",
           "/api/comment/list/1/1", "/api/comment/list/1/2?view=full", "/api/comment/count?content_id=1",
           "/api/comment/list/none", "/?content_id=1", "/", "/openapi.json", "/health/ready", "/health/live"]


def forms_of(text):
    """The text as it is, and as somebody might encode it, as bytes in lower case."""
    raw = text.encode()
    forms = {raw, text.upper().encode(), urllib.parse.quote(text, safe="").encode(),
             urllib.parse.quote_plus(text).encode(), json.dumps(text)[1:-1].encode(),
             quopri.encodestring(raw).strip(), raw.hex().encode(), text.encode("utf-16-le"),
             "".join(f"&#{ord(one)};" for one in text).encode(),
             "".join(f"&#x{ord(one):x};" for one in text).encode()}
    # Avatars are found by these: whoever knows an address can look for it.
    forms |= {hashlib.new(name, raw).hexdigest().encode() for name in ("md5", "sha1", "sha256")}
    for shift in range(3):  # inside a longer text, base64 has three forms
        encoded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        inner = encoded[4 if shift else 0:-1]
        forms |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return {form.lower() for form in forms}


FORMS = set().union(*(forms_of(part) for address in PLANTED for part in (*address, "@".join(address))))


def given_away(where, data):
    low = data.lower()
    return [(where, form) for form in FORMS if form in low]


def hits(one, comments):
    """Everything that comes out, searched."""
    found, key = [], 0
    with following(one, 1, "?after=0") as follower:
        for name, host in PLANTED:
            for comment in ("first", "second"):
                key += 1
                answer = one.post(service.new_comment(1, comment, f"{name}@{host}"),
                                  {"Idempotency-Key": f"key-{key}"})
                assert answer.status == 200
                found += given_away("POST", answer.body + bytes(answer.headers))
                found += given_away("stream", json.dumps(follower.comment()).encode())
            # Refused, for each of several reasons: an error must not quote what it refuses.
            for body in (service.new_comment(1, "", f"{name}@{host}"),
                         service.new_comment(1, "x" * 200_000, f"{name}@{host}"),
                         service.new_comment("", "x", f"{name}@{host}"),
                         b'{"email":"%s@%s","comment":' % (name.encode(), host.encode()),
                         json.dumps({"email": [f"{name}@{host}"], "comment": "x", "content_id": 1}).encode(),
                         json.dumps({f"{name}@{host}": 1, "comment": "x", "content_id": 1}).encode()):
                answer = one.post(body)
                assert answer.status in (400, 413), answer.body
                found += given_away("refused POST", answer.body + bytes(answer.headers))
    for target in TARGETS:
        for headers in ({}, {"Accept-Encoding": "gzip"}, {"Origin": "https://page.example"}):
            answer = one.get(target, headers)
            body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
            found += given_away(target, body + bytes(answer.headers))
    for words in (("list", "1"), ("list", "1", "--json"), ("status", "--interval", "50ms")):
        ran = comments(*words, "--url", one.url)
        found += given_away(f"comments {words[0]}", (ran.stdout + ran.stderr).encode())
    for accept in ("text/plain", "application/openmetrics-text"):
        request = urllib.request.Request(one.find_in_log("serving")["admin_url"] + "/metrics",
                                         headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=service.DEADLINE) as metrics:
            found += given_away(f"metrics, {accept}", metrics.read() + bytes(metrics.headers))
    assert one.terminate() == 0
    return found + given_away("log", one.log_file.read_bytes())


@pytest.mark.parametrize("address", PLANTED)
def test_an_address_is_found_in_whatever_form_it_is_written(address):
    email = "@".join(address)
    for written in (email.encode(), email.upper().encode(), urllib.parse.quote(email).encode(),
                    json.dumps(email).encode(), base64.b64encode(b"{" + email.encode() + b"}")):
        assert given_away("here", b"before " + written + b" after"), written


def test_hidden_addresses_come_out_nowhere(start, comments):
    one = start("--email-visibility", "hidden", "--log-level", "debug", "--access-log", "all",
                "--rate-limit-email", "1000/min", "--cors-origin", "https://page.example")
    assert hits(one, comments) == []


def test_the_search_would_find_them(start, comments):
    one = start("--email-visibility", "raw")
    places = {where for where, _ in hits(one, comments)}
    assert {"/api/comment/list/1", "stream", "comments list"} <= places
    assert not re.search("log|metrics|POST", " ".join(places))
