"""Malformed and ambiguous requests on raw sockets: one refusal, then the connection is closed, and
whoever comes next is served as if nothing had been."""

import socket

import malformed
import service


def answers_to(one, text):
    """All that comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", one.port), timeout=service.DEADLINE) as connection:
        connection.sendall(text.encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)  # so that what is taken for half a request ends, too
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


def statuses_in(received):
    return [int(line.split()[1]) for line in received.split(b"\n") if line.startswith(b"HTTP/1.1 ")]


def test_there_are_enough_of_them():
    names = [name for name, _, _ in malformed.cases()]
    assert len(set(names)) == len(names) >= 100


def test_each_is_refused_once_and_nothing_behind_it_is_answered(shared):
    verdicts = {}
    for name, text, status in malformed.cases():
        received = answers_to(shared, text + malformed.NEXT)
        if statuses_in(received) != [status] or b"Connection: close" not in received:
            verdicts[name] = (status, statuses_in(received))
        assert shared.get("/health/live").status == 200, f"not well after: {name}"
    assert verdicts == {}
    print(len(list(malformed.cases())), "cases refused")


def test_none_of_them_stored_anything(shared):
    assert shared.get(service.list_path("x")).status == 404
    assert shared.is_alive()
