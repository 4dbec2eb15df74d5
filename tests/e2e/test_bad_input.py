"""A body that is no comment is refused with what to do about it, and the service lives on."""

import pytest

from refusals import check_refusal, check_still_well, post, row

BAD = (400, "BAD-REQUEST")
OBJECT = "the body must be a JSON object"


def draft(email=b'"alice@example.com"', comment=b'"text"', content_id=b'"bad-input"', more=b""):
    return (b'{"email":' + email + b',"comment":' + comment + b',"content_id":' + content_id
            + more + b"}")


def bad(name, body, fragment):
    return row(name, post(body), *BAD, fragment)


def wrong_type(field, value, wanted):
    return bad(f"{field} is {value.decode():.25}", draft(**{field: value}), wanted)


NOT_JSON = [
    bad("empty body", b"", 'the body is empty; send {"email":'),
    bad("only white space", b" \n\t ", 'the body is empty; send {"email":'),
    bad("not JSON at all", b"email=a@b&comment=hello", "not valid JSON near byte 1"),
    bad("unfinished object", draft()[:-1], "not valid JSON"),
    bad("unfinished string", b'{"email":"alice', "not valid JSON"),
    bad("trailing comma", draft()[:-1] + b",}", "not valid JSON"),
    bad("trailing garbage", draft() + b"x", "not valid JSON"),
    bad("two objects", draft() + draft(), "not valid JSON"),
    bad("single quotes", draft().replace(b'"', b"'"), "not valid JSON"),
    bad("a comment in it", draft()[:-1] + b"/* hello */}", "not valid JSON"),
    bad("NaN", draft(more=b',"x":NaN'), "not valid JSON"),
    bad("infinity as a number", draft(more=b',"x":1e400'), "a number beyond all range"),
    bad("60,000 digits", draft(more=b',"x":' + b"9" * 60_000), "a number beyond all range"),
    bad("leading zero", draft(content_id=b"01"), "not valid JSON"),
    bad("raw line feed in a string", draft(comment=b'"a\nb"'), "a control character as it is"),
    bad("raw NUL in a string", draft(comment=b'"a\0b"'), "a control character as it is"),
    bad("unknown escape", draft(comment=rb'"\x41"'), "not valid JSON"),
    bad("half an escape", draft(comment=rb'"\u12"'), "not valid JSON"),
    bad("UTF-16", draft().decode().encode("utf-16"), "not valid JSON"),
    bad("top-level array", b"[" + draft() + b"]", OBJECT + ", not an array"),
    bad("top-level string", b'"hello"', OBJECT + ", not a string"),
    bad("top-level number", b"1", OBJECT + ", not a number"),
    bad("top-level null", b"null", OBJECT + ", not null"),
    bad("top-level boolean", b"true", OBJECT + ", not a boolean"),
]

DUPLICATE_KEYS = [
    bad("email twice", draft(more=b',"email":"b@example.com"'), 'the key "email" twice'),
    bad("email twice, once escaped", draft(more=rb',"\u0065mail":"b@c"'), 'the key "email" twice'),
    bad("unknown key twice", draft(more=b',"x":1,"x":1'), 'the key "x" twice'),
    bad("nested key twice", draft(more=b',"x":{"y":1,"y":2}'), 'the key "y" twice'),
    bad("key twice in an array", draft(more=b',"x":[{"y":1,"y":2}]'), 'the key "y" twice'),
]

NOT_UTF8 = [
    ("overlong slash", b"\xc0\xaf"), ("overlong in three bytes", b"\xe0\x80\xaf"),
    ("overlong in four bytes", b"\xf0\x80\x80\xaf"), ("truncated sequence", b"\xe2\x82"),
    ("truncated emoji", b"\xf0\x9f\x98"), ("lone continuation", b"\x80"),
    ("surrogate in UTF-8", b"\xed\xa0\x80"), ("beyond U+10FFFF", b"\xf4\x90\x80\x80"),
    ("never a byte of UTF-8", b"\xff"), ("Latin-1", b"caf\xe9"),
]
INVALID_UTF8 = [
    bad(f"{name} in {field}", draft(**{field: b'"a' + text + b'@b"'}), "not valid UTF-8")
    for name, text in NOT_UTF8 for field in ("comment", "email", "content_id")
] + [bad(f"{name} in an unknown field", draft(more=b',"x":"' + text + b'"'), "not valid UTF-8")
     for name, text in NOT_UTF8]

LONE_SURROGATES = [
    bad("high surrogate alone", draft(comment=rb'"\ud800"'), "half a surrogate pair"),
    bad("high surrogate, then text", draft(comment=rb'"\ud83dx"'), "half a surrogate pair"),
    bad("high surrogate twice", draft(comment=rb'"\ud83d\ud83d"'), "half a surrogate pair"),
    bad("low surrogate alone", draft(comment=rb'"\ude00"'), "half a surrogate pair"),
    bad("lone surrogate in an unknown field", draft(more=rb',"x":"\ud800"'),
        "half a surrogate pair"),
    bad("NUL escape in comment", draft(comment=rb'"a\u0000b"'), "must not contain NUL"),
    bad("NUL escape in email", draft(email=rb'"a\u0000@b"'), "control characters"),
    bad("NUL escape in content_id", draft(content_id=rb'"a\u0000"'), "control characters"),
]

WRONG_TYPES = [
    wrong_type(field, value, f"{field} must be a string, not ")
    for field in ("email", "comment")
    for value in (b"1", b"-1", b"1.5", b"true", b"null", b"[]", b"{}", b'["a@b"]')
] + [
    wrong_type("content_id", value, "content_id must be a string or an integer, not ")
    for value in (b"1.5", b"1.0", b"1e2", b"true", b"false", b"null", b"[]", b"{}", b"[1]")
] + [
    wrong_type("content_id", value, "no integer within")
    for value in (b"9223372036854775809", b"-9223372036854775809", b"1" + b"0" * 400)
]

MISSING = [
    bad("no fields", b"{}", "must have the field email"),
    bad("no email", b'{"comment":"a","content_id":1}', "must have the field email"),
    bad("no comment", b'{"email":"a@b","content_id":1}', "must have the field comment"),
    bad("no content_id", b'{"email":"a@b","comment":"a"}', "must have the field content_id"),
    bad("fields one level too deep", b'{"draft":' + draft() + b"}", "must have the field email"),
    bad("a key in capitals", draft().replace(b"email", b"Email"), "must have the field email"),
]

BLANK = [
    bad(f"blank comment: {name}", draft(comment=text.encode()), "comment must not be blank")
    for name, text in (
        ("empty", '""'), ("spaces", '"   "'), ("ASCII white space", r'" \t\n\r\u000b\f"'),
        ("no-break space", r'"\u00a0"'), ("em space", '"\u2003"'), ("next line", r'"\u0085"'),
        ("ideographic space", '"\u3000"'), ("line separator", r'"\u2028\u2029"'),
        ("Ogham space", r'"\u1680"'), ("all of them", '" \\t\u00a0\u2009\u202f\u205f\u3000"'))
]

WRONG_CONTENT_ID = [
    bad(f"content_id {name}", draft(content_id=text), fragment) for name, text, fragment in (
        ("empty", b'""', "must not be empty"), ("with a slash", b'"a/b"', "must not contain '/'"),
        ("a slash, escaped", rb'"\u002f"', "must not contain '/'"),
        ("a tab", rb'"a\tb"', "control characters"), ("DEL", rb'"\u007f"', "control characters"),
        ("a C1 control", rb'"\u0085"', "control characters"))
]

WRONG_EMAIL = [
    bad(f"email {name}", draft(email=text.encode()), fragment) for name, text, fragment in (
        ("empty", '""', "one @"), ("without @", '"alice"', "one @"), ("only @", '"@"', "one @"),
        ("two @", '"a@b@c"', "one @"), ("nothing before @", '"@b"', "one @"),
        ("nothing after @", '"a@"', "one @"), ("with a space", '"a b@c"', "spaces"),
        ("with a no-break space", r'"a\u00a0b@c"', "spaces"),
        ("with a line feed", r'"a@b\nBcc: c@d"', "control characters"))
]

# JSON sets no bound; ours is a double's, as RFC 8259 (section 6) advises.
NUMBERS = [
    bad(f"a number {name}", b'{"x":' + text + b"," + draft()[1:], "beyond all range")
    for name, text in (("beyond a double", b"1e400"), ("of 60,000 digits", b"9" * 60_000))
]

TABLE = [*NOT_JSON, *NUMBERS, *DUPLICATE_KEYS, *INVALID_UTF8, *LONE_SURROGATES, *WRONG_TYPES,
         *MISSING, *BLANK, *WRONG_CONTENT_ID, *WRONG_EMAIL]


@pytest.mark.parametrize("request_, status, word, fragment", TABLE)
def test_a_body_that_is_no_comment_is_refused(shared, request_, status, word, fragment):
    check_refusal(request_.send_to(shared), status, word, fragment)


def test_after_all_of_that_nothing_is_stored_and_the_service_is_ready(shared):
    check_still_well(shared)
    assert shared.count("bad-input") == 0
    assert shared.post(draft()).status == 200
    assert shared.count("bad-input") == 1


@pytest.mark.parametrize("more", [
    pytest.param(b',"x":1e308', id="a number near the end of doubles"),
    pytest.param(b',"x":0.' + b"9" * 60_000, id="a number of 60,000 digits"),
    pytest.param(rb',"x":"\u0000"', id="a NUL"),
    pytest.param(b',"":[{"":[{}]}]', id="empty names"),
    pytest.param(b',"a":{"email":1},"b":[{"email":2}]', id="our names, nested"),
])
def test_a_field_that_nobody_knows_is_ignored(shared, more):
    answer = shared.post(draft(content_id=b'"unknown-fields"', more=more))
    assert answer.status == 200, answer.body
