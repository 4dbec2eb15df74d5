"""Keep-alive clients that know, of every request they sent, what became of it."""

import dataclasses
import http.client
import socket
import threading

import service

ESTABLISHED = 1  # TCP_INFO's first byte: the other side has not closed


@dataclasses.dataclass
class Unanswered:
    request_id: str
    began: bool      # some bytes of an answer came
    was_open: bool   # the connection was still open when the whole request had been sent


def is_open(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED


def write_request(method, target, body, request_id):
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"X-Request-Id: {request_id}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """Posts and lists in turn on one connection, until that is closed."""

    def __init__(self, name, port, content_id="drain"):
        self.name = name
        self.content_id = content_id
        self.connection = socket.create_connection(("127.0.0.1", port), service.DEADLINE)
        self.sent = 0
        self.statuses = []
        self.acknowledged = {}  # comment → its id
        self.unanswered = None

    def run(self):
        try:
            while self.unanswered is None and self.ask(len(self.statuses)):
                pass
        finally:
            self.connection.close()

    def ask(self, number):
        """False once the service has closed the connection after an answer."""
        comment = f"{self.name}-{number}"
        if number % 2:
            target = service.list_path(self.content_id, "?limit=20")
            request = write_request("GET", target, b"", comment)
        else:
            body = service.new_comment(self.content_id, comment)
            request = write_request("POST", "/api/comment/new", body, comment)
        unanswered = Unanswered(comment, began=False, was_open=False)
        response = http.client.HTTPResponse(self.connection)
        try:
            self.connection.sendall(request)
            unanswered.was_open = is_open(self.connection)
            self.sent += 1
            unanswered.began = bool(self.connection.recv(1, socket.MSG_PEEK))
            if not unanswered.began:
                raise http.client.RemoteDisconnected
            response.begin()
            response.read()
        except (OSError, http.client.HTTPException):
            self.unanswered = unanswered
            return False
        self.statuses.append(response.status)
        if response.status == 200 and not number % 2:
            self.acknowledged[comment] = int(response.headers["Location"].rsplit("/", 1)[1])
        return not response.will_close


class Clients:
    """Many of them, a thread each."""

    def __init__(self, count, port, content_id):
        self.clients = [Client(f"c{i}", port, content_id) for i in range(count)]
        self.threads = [threading.Thread(target=client.run) for client in self.clients]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join(timeout=service.DEADLINE)
            assert not thread.is_alive(), "a client's connection is still open"

    def answered(self):
        return sum(len(client.statuses) for client in self.clients)

    def statuses(self):
        return {status for client in self.clients for status in client.statuses}

    def acknowledged(self):
        return {comment: number for client in self.clients
                for comment, number in client.acknowledged.items()}

    def unanswered(self):
        return [client.unanswered for client in self.clients if client.unanswered]
