"""Connections that come all at once are all let in at once."""

import contextlib
import socket
import struct

RETRANSMITTED = slice(100, 104)  # tcpi_total_retrans in Linux's struct tcp_info


def retransmissions(connection):
    """How often the kernel had to knock again: a listener with a short queue ignores a knock,
    and the next comes a second later."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return struct.unpack("=I", info[RETRANSMITTED])[0]


def test_of_200_clients_that_connect_at_once_none_has_to_knock_twice(start):
    one = start()
    with contextlib.ExitStack() as open_ones:
        connections = [open_ones.enter_context(socket.create_connection(("127.0.0.1", one.port)))
                       for _ in range(200)]
        again = [retransmissions(connection) for connection in connections]
    assert sum(again) == 0, f"{sum(map(bool, again))} of 200 had to wait for a second knock"
