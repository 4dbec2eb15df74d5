"""What two servers could read in two ways, or no server should take: RFC 9112 and 9110, and the
request-smuggling literature. Each case is the bytes of one connection and the verdict: the one
status that answers them, after which the connection is closed.

`{NEXT}` stands for a second request that an attacker wants somebody to see behind the first.
"""

NEXT = "GET /health/live?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
POST = "POST /api/comment/new HTTP/1.1\r\nHost: x\r\n"


def get(line="GET / HTTP/1.1", fields="Host: x\r\n"):
    return f"{line}\r\n{fields}\r\n"


def with_field(field):
    return get(fields=f"Host: x\r\n{field}\r\n")


def post(fields, body=""):
    return f"{POST}{fields}\r\n{body}"


def chunked(body, coding="Transfer-Encoding: chunked\r\n"):
    return post(coding, body)


LENGTHS = {
    "two that differ": "Content-Length: 5\r\nContent-Length: 6\r\n",
    "two that are equal": "Content-Length: 5\r\nContent-Length: 5\r\n",
    "a list": "Content-Length: 5, 5\r\n",
    "a list that differs": "Content-Length: 5, 6\r\n",
    "negative": "Content-Length: -1\r\n",
    "with a plus": "Content-Length: +5\r\n",
    "hexadecimal": "Content-Length: 0x5\r\n",
    "octal look": "Content-Length: 5e0\r\n",
    "a fraction": "Content-Length: 5.0\r\n",
    "quoted": 'Content-Length: "5"\r\n',
    "empty": "Content-Length: \r\n",
    "a space inside": "Content-Length: 5 0\r\n",
    "a tab inside": "Content-Length: 5\t0\r\n",
    "letters behind": "Content-Length: 5x\r\n",
    "an underscore": "Content-Length: 1_0\r\n",
    "vertical tab": "Content-Length: \x0b5\r\n",
    "full-width digit": "Content-Length: \xef\xbc\x95\r\n",
    "space before the colon": "Content-Length : 5\r\n",
    "tab before the colon": "Content-Length\t: 5\r\n",
    "folded": "Content-Length:\r\n 5\r\n",
    "with a coding": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "with a coding, behind it": "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "with the coding identity": "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
}

CODINGS = {
    "unknown": ("Transfer-Encoding: xchunked\r\n", 501),
    "identity": ("Transfer-Encoding: identity\r\n", 501),
    "gzip": ("Transfer-Encoding: gzip\r\n", 501),
    "gzip, chunked": ("Transfer-Encoding: gzip, chunked\r\n", 501),
    "chunked, gzip": ("Transfer-Encoding: chunked, gzip\r\n", 501),
    "chunked, identity": ("Transfer-Encoding: chunked, identity\r\n", 501),
    "chunked twice": ("Transfer-Encoding: chunked, chunked\r\n", 501),
    "two fields": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
    "two fields that differ": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n", 400),
    "quoted": ('Transfer-Encoding: "chunked"\r\n', 501),
    "empty": ("Transfer-Encoding: \r\n", 501),
    "a parameter": ("Transfer-Encoding: chunked;q=1\r\n", 501),
    "a comma behind": ("Transfer-Encoding: chunked,\r\n", 501),
    "vertical tab": ("Transfer-Encoding: \x0bchunked\r\n", 400),
    "form feed behind": ("Transfer-Encoding: chunked\x0c\r\n", 400),
    "a NUL behind": ("Transfer-Encoding: chunked\x00\r\n", 400),
    "a lone CR": ("Transfer-Encoding: chunked\rx: y\r\n", 400),
    "space before the colon": ("Transfer-Encoding : chunked\r\n", 400),
    "tab before the colon": ("Transfer-Encoding\t: chunked\r\n", 400),
    "folded": ("Transfer-Encoding:\r\n chunked\r\n", 400),
    "folded behind": ("Transfer-Encoding: chunked\r\n , identity\r\n", 400),
    "a leading space": (" Transfer-Encoding: chunked\r\n", 400),
    "a NUL in the name": ("Transfer\x00-Encoding: chunked\r\n", 400),
    "a high byte in the name": ("Transfer-Encoding\xa0: chunked\r\n", 400),
    "a bare LF before it": ("X: y\nTransfer-Encoding: chunked\r\n", 400),
}

CHUNKS = {
    "no digits": "\r\n",
    "a sign": "+5\r\nhello\r\n0\r\n\r\n",
    "negative": "-1\r\nhello\r\n0\r\n\r\n",
    "0x": "0x5\r\nhello\r\n0\r\n\r\n",
    "a leading space": " 5\r\nhello\r\n0\r\n\r\n",
    "a space behind": "5 \r\nhello\r\n0\r\n\r\n",
    "a letter": "g\r\nhello\r\n0\r\n\r\n",
    "an underscore": "1_0\r\nhello\r\n0\r\n\r\n",
    "bare LF behind the size": "5\nhello\r\n0\r\n\r\n",
    "bare CR behind the size": "5\rhello\r\n0\r\n\r\n",
    "no line end behind the data": "5\r\nhello0\r\n\r\n",
    "bare LF behind the data": "5\r\nhello\n0\r\n\r\n",
    "two bytes too few": "3\r\nhello\r\n0\r\n\r\n",
    "bare LF in an extension": "5;a=b\nhello\r\n0\r\n\r\n",
    "a NUL in an extension": "5;a=\x00\r\nhello\r\n0\r\n\r\n",
    "bare LF at the end": "0\n\n",
    "a bare LF in the trailer": "0\r\nX: y\n\r\n",
    "a trailer that is no field": "0\r\nno colon\r\n\r\n",
    "a folded trailer": "0\r\nX: y\r\n z\r\n\r\n",
}

REQUEST_LINES = {
    "nothing but words": ("HELLO", 400),
    "no version": ("GET /", 400),
    "HTTP/0.9": ("GET / HTTP/0.9", 505),
    "HTTP/2.0": ("GET / HTTP/2.0", 505),
    "HTTP/1.10": ("GET / HTTP/1.10", 400),
    "HTTP/1": ("GET / HTTP/1", 400),
    "http/1.1": ("GET / http/1.1", 400),
    "letters behind the version": ("GET / HTTP/1.1x", 400),
    "two spaces": ("GET  / HTTP/1.1", 400),
    "two spaces behind": ("GET /  HTTP/1.1", 400),
    "a space at the end": ("GET / HTTP/1.1 ", 400),
    "a leading space": (" GET / HTTP/1.1", 400),
    "tabs": ("GET\t/\tHTTP/1.1", 400),
    "a space in the target": ("GET /a b HTTP/1.1", 400),
    "a NUL in the target": ("GET /a\x00b HTTP/1.1", 400),
    "a control character": ("GET /\x01 HTTP/1.1", 400),
    "no slash": ("GET a HTTP/1.1", 400),
    "a backslash": ("GET \\a HTTP/1.1", 400),
    "a fragment": ("GET /#a HTTP/1.1", 400),
    "a star for GET": ("GET * HTTP/1.1", 400),
    "another scheme": ("GET ftp://x/ HTTP/1.1", 400),
    "user information": ("GET http://a@x/ HTTP/1.1", 400),
    "CONNECT": ("CONNECT x:443 HTTP/1.1", 400),
    "a method of brackets": ("G(T / HTTP/1.1", 400),
    "a NUL in the method": ("GE\x00T / HTTP/1.1", 400),
    "a lone CR": ("GET / HTTP/1.1\rX: y", 400),
    "the preface of HTTP/2": ("PRI * HTTP/2.0", 505),
    "a TLS hello": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
}

FIELDS = {
    "no colon": "X y",
    "no name": ": y",
    "a space in the name": "X Y: z",
    "a leading space": " X: y",
    "folded": "X: y\r\n z",
    "folded with a tab": "X: y\r\n\tz",
    "a NUL": "X: a\x00b",
    "a lone CR": "X: a\rb",
    "a control character": "X: a\x01b",
    "delete": "X: a\x7fb",
    "brackets in the name": "X(): y",
    "a high byte in the name": "X\xe9: y",
    "a second Host": "Host: y",
    "the same Host again": "Host: x",
}

HOSTS = {
    "none": "",
    "a path": "Host: x/y\r\n",
    "a space": "Host: x y\r\n",
    "user information": "Host: a@x\r\n",
    "a comma": "Host: x, y\r\n",
    "a port of letters": "Host: x:a\r\n",
    "folded": "Host:\r\n x\r\n",
    "space before the colon": "Host : x\r\n",
}

LINE_ENDS = {
    "LF alone": "GET / HTTP/1.1\nHost: x\n\n",
    "LF at the request line": "GET / HTTP/1.1\nHost: x\r\n\r\n",
    "LF at a field": "GET / HTTP/1.1\r\nHost: x\n\r\n",
    "LF at the end": "GET / HTTP/1.1\r\nHost: x\r\n\n",
    "CR CR LF": "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n",
    "two empty lines first": "\r\n\r\n" + get(),
}


def cases():
    """(name, bytes, status)"""
    for name, fields in LENGTHS.items():
        yield f"Content-Length: {name}", post(fields, "hello"), 400
    for name, (fields, status) in CODINGS.items():
        yield f"Transfer-Encoding: {name}", chunked("0\r\n\r\n", fields), status
    for name, body in CHUNKS.items():
        yield f"chunks: {name}", chunked(body), 400
    yield "Content-Length: over 64 bits", post("Content-Length: 18446744073709551617\r\n"), 413
    yield "chunks: too large", chunked("fffff\r\n"), 413
    yield "chunks: over 64 bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), 413
    for name, (line, status) in REQUEST_LINES.items():
        yield f"request line: {name}", get(line), status
    for name, field in FIELDS.items():
        yield f"field: {name}", with_field(field), 400
    for name, fields in HOSTS.items():
        yield f"Host: {name}", get(fields=fields), 400
    for name, bytes_ in LINE_ENDS.items():
        yield f"line ends: {name}", bytes_, 400
