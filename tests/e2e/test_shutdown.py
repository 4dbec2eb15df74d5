"""SIGTERM: what was asked is answered, what was acknowledged is kept, and the exit code is 0."""

import contextlib
import signal
import socket
import threading

import pytest

import generated
import service
from clients import Client, Clients, is_open

GRACE = 9  # seconds: platforms kill after ten


def handled_ids(one):
    """The requests that the service answered, as far as it knows: they are in its log."""
    return {line["request_id"] for line in one.log_lines() if line["message"] == "request"}


def failed_in_flight(unanswered, handled):
    """Of the requests without a whole answer, those that the service is to blame for: the others
    met a connection that it had closed already, and were never read."""
    return [one for one in unanswered
            if one.began or one.was_open or one.request_id in handled]


def stop_under_load(start, content_id, count, number, enough):
    one = start("--log-level", "debug")
    clients = Clients(count, one.port, content_id)
    try:
        service.wait_until(lambda: clients.answered() >= enough, "the clients to be busy")
        one.send_signal(number)
        service.wait_until(lambda: not one.is_alive(), f"the exit, {count} clients being busy",
                           deadline=GRACE)
    finally:
        one.kill()
        clients.join()
    assert one.wait_for_exit() == 0
    failed = failed_in_flight(clients.unanswered(), handled_ids(one))
    assert not failed, failed
    assert clients.statuses() <= {200, 404}
    again = start()
    stored = {comment["comment"]: comment["id"] for comment in again.list(content_id)}
    again.kill()
    assert clients.acknowledged().items() <= stored.items()
    return clients


def stop_often(start, rounds, count, number):
    random = generated.seeded()
    answered = closed = 0
    for i in range(rounds):
        enough = random.randint(count, 10 * count)
        clients = stop_under_load(start, f"round {i}", count, number, enough)
        answered += clients.answered()
        closed += len(clients.unanswered())
    print(f"{rounds} stops under {count} clients: {answered} requests answered, 0 failed in "
          f"flight, {closed} met a connection that was closed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_requests_in_flight_are_answered_before_the_service_ends(start, number):
    stop_often(start, rounds=3, count=16, number=number)


@contextlib.contextmanager
def service_that_answers(*answers):
    """A client of a service that sends these bytes, one answer a request, and then closes."""
    def serve(connection, client):
        with connection:
            for number, answer in enumerate(answers, 1):
                service.wait_until(lambda: client.sent == number, "the request to be sent")
                connection.recv(65536)
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = Client("c", listener.getsockname()[1])
        thread = threading.Thread(target=serve, args=[listener.accept()[0], client])
        thread.start()
        yield client
        client.connection.close()
        thread.join()


WHOLE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("answers", [[b""], [WHOLE, b""], [WHOLE[:9]], [WHOLE[:-1]]],
                         ids=["dropped", "second dropped", "cut in the head", "cut in the body"])
def test_this_check_blames_a_service_that_drops_or_cuts_an_answer(answers):
    with service_that_answers(*answers) as client:
        client.run()
    assert failed_in_flight([client.unanswered], handled=set())


def test_this_check_forgives_a_connection_closed_before_the_request_but_not_if_it_was_handled():
    with service_that_answers(WHOLE) as client:
        assert client.ask(0)
        service.wait_until(lambda: not is_open(client.connection), "the service to close")
        assert not client.ask(1)
        assert not failed_in_flight([client.unanswered], handled={"c-0"})
        assert failed_in_flight([client.unanswered], handled={"c-0", "c-1"})


@pytest.mark.slow
def test_200_stops_under_64_clients_fail_no_request(start):
    stop_often(start, rounds=200, count=64, number=signal.SIGTERM)


def test_one_client_that_never_pauses_does_not_keep_the_service_from_ending(start):
    stop_often(start, rounds=3, count=1, number=signal.SIGTERM)


def test_idle_connections_do_not_keep_the_service_from_ending(start):
    one = start()
    connections = [one.connect() for _ in range(16)]
    for connection in connections:
        assert service.exchange(connection, "GET", "/health/live").status == 200
    assert one.terminate() == 0
    for connection in connections:
        connection.close()


def is_draining(one):
    status, body = one.health()
    return (status, body["status"]) == (503, "DRAINING")


def test_during_the_drain_delay_requests_are_answered(start):
    one = start("--drain-delay", "3600s")
    one.post(service.new_comment("drain", "before"))
    one.send_signal(signal.SIGTERM)
    service.wait_until(lambda: is_draining(one), "/health/ready to say 503 DRAINING")
    assert one.post(service.new_comment("drain", "during")).status == 200
    assert [comment["comment"] for comment in one.list("drain")] == ["before", "during"]
    assert one.get("/health/live").status == 200
    assert is_draining(one)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_after_the_drain_delay_the_service_ends_well(start, number):
    one = start("--drain-delay", "2s")
    one.post(service.new_comment("drain", "kept"))
    one.send_signal(number)
    service.wait_until(lambda: is_draining(one), "/health/ready to say 503 DRAINING")
    assert one.wait_for_exit() == 0
    assert [comment["comment"] for comment in start().list("drain")] == ["kept"]


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_second_signal_ends_the_service_at_once(start, first, second):
    one = start("--drain-delay", "3600s")
    acknowledged = one.post(service.new_comment("drain", "kept"))
    one.send_signal(first)
    service.wait_until(lambda: is_draining(one), "/health/ready to say 503 DRAINING")
    one.send_signal(second)
    service.wait_until(lambda: not one.is_alive(), "the exit after the second signal")
    assert one.wait_for_exit() == 130
    assert acknowledged.status == 200
    assert [comment["comment"] for comment in start().list("drain")] == ["kept"]
