"""Readers of a thread while a rollout goes on: so many requests a second over a few connections that stay open, each
answer counted. A failure is any answer but 200, and any request without one."""

import asyncio
import collections
import dataclasses
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Seen:
    answers: collections.Counter = dataclasses.field(default_factory=collections.Counter)  # by status; 0: none
    slow: int = 0
    failures: list = dataclasses.field(default_factory=list)  # (seconds since the start, status)

    @property
    def total(self):
        return sum(self.answers.values())

    @property
    def failed(self):
        return self.total - self.answers[200]


class Readers:
    """Reads from a thread of its own while its `with` block runs. `slow` counts answers above slow_after."""

    def __init__(self, url, path, per_second=300, connections=8, slow_after=0.1):
        self.address, self.path = urllib.parse.urlsplit(url), path
        self.pause, self.connections, self.slow_after = connections / per_second, connections, slow_after
        self.seen, self.stopping = Seen(), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.read()))

    def __enter__(self):
        self.begun = time.monotonic()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    async def read(self):
        await asyncio.gather(*(self.reader(number) for number in range(self.connections)))

    async def reader(self, number):
        due, connection = time.monotonic() + self.pause * number / self.connections, None
        while not self.stopping.is_set():
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due + self.pause, time.monotonic() - 1)
            start = time.monotonic()
            try:
                connection = connection or await asyncio.open_connection(self.address.hostname, self.address.port)
                status = await asyncio.wait_for(self.ask(*connection), 10)
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                status, connection = 0, None
            self.seen.answers[status] += 1
            self.seen.slow += time.monotonic() - start > self.slow_after
            if status != 200:
                self.seen.failures.append((round(start - self.begun, 2), status))
        if connection:
            connection[1].close()

    async def ask(self, reader, writer):
        writer.write(f"GET {self.path} HTTP/1.1\r\nHost: {self.address.netloc}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        await reader.readexactly(length)
        return int(head[9:12])
