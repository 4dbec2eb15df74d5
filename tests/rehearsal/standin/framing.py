"""Where a message of HTTP/1.1 ends, as far as a front that forwards bytes must know."""


def field(head, name):
    """A header field's value, lower-case, or b""."""
    lower = head.lower()
    start = lower.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    start += len(name) + 3
    return lower[start:lower.find(b"\r\n", start)].strip()


def split_request(data):
    """(the first request, the rest), or None while it is not whole. A chunked one is a ValueError."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end + 2]
    if field(head, b"transfer-encoding"):
        raise ValueError("chunked requests are not taken")
    length = end + 4 + int(field(head, b"content-length") or 0)
    return (data[:length], data[length:]) if len(data) >= length else None


class Response:
    """Follows the bytes of one response."""

    def __init__(self, to_head):
        self.to_head, self.data, self.status, self.keeps_open = to_head, b"", 0, True
        self.left, self.chunked = None, False  # bytes to come; None: not known yet

    def feed(self, data):
        """True when this was its end."""
        if not self.status:
            self.data += data
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            data = self.begin(self.data[:end + 2], self.data[end + 4:])
        if self.chunked:
            return self.feed_chunks(data)
        if self.left is None:
            return False  # until the connection ends
        self.left -= len(data)
        return self.left <= 0

    def begin(self, head, rest):
        self.status = int(head[9:12])
        self.keeps_open = field(head, b"connection") != b"close"
        length = field(head, b"content-length")
        self.data = b""
        if self.to_head or self.status in (204, 304):
            self.left = 0
        elif field(head, b"transfer-encoding") == b"chunked":
            self.chunked = True
        elif length:
            self.left = int(length)
        return rest

    def feed_chunks(self, data):
        self.data += data
        while True:
            line = self.data.find(b"\r\n")
            if line < 0:
                return False
            size = int(self.data[:line].split(b";")[0], 16)
            if len(self.data) < line + size + 4:
                return False
            self.data = self.data[line + size + 4:]
            if size == 0:
                return True
