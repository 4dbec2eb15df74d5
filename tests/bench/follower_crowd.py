"""The followers of `scripts/bench followers`, in a process of their own: one thread, epoll(7).

Every stream must be the same bytes, heartbeats aside. So one of them, the master, is whatever has
come furthest; each chunk is compared with it where the follower stands. The master itself is taken
apart at the end: its ids must be 1, 2, 3, … without a gap.

Reads commands from standard input, a line of JSON each, and answers each with one.
"""

import array
import bisect
import json
import re
import resource
import select
import socket
import sys
import time

PATIENCE = 20  # seconds, until everybody must have everything
HEARTBEAT = re.compile(rb"^:[^\n]*\n\n?", re.MULTILINE)
EVENT = re.compile(rb"id: (\d+)\n")
PREAMBLE = b"retry: 1000\n\n"
SMALLEST_MS = 0.01


class Follower:
    def __init__(self, port, after):
        """`after`: where in the master the stream goes on, and the id of the event before it."""
        self.offset, last_id = after
        self.head = b""  # until it is complete
        self.is_past_head = False
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        resumed = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.socket.sendall("GET /api/comment/stream/1 HTTP/1.1\r\nHost: localhost\r\n"
                            f"{resumed}\r\n".encode())
        self.socket.setblocking(False)

    def past_head(self, chunk):
        """What of the chunk belongs to the stream; None while the head is incomplete."""
        self.head += chunk
        head, end, rest = self.head.partition(b"\r\n\r\n")
        if not end or len(rest) < len(PREAMBLE):
            return None
        if not head.startswith(b"HTTP/1.1 200") or not rest.startswith(PREAMBLE):
            raise ValueError(f"no stream: {self.head[:200]}")
        self.is_past_head, self.head = True, b""
        return rest[len(PREAMBLE):]


class Crowd:
    def __init__(self, port):
        self.port = port
        self.epoll = select.epoll()
        self.followers = {}  # descriptor → Follower
        self.cut_off = []  # where each stood that was cut
        self.master = bytearray()
        self.ends = []  # where in the master each event ends: of event 1, 2, …
        self.moments, self.starts, self.stops = array.array("d"), array.array("q"), array.array("q")
        self.recording = True
        self.wrong = 0
        self.first_wrong = ""
        self.room = bytearray(1 << 20)

    def note(self, what):
        self.wrong += 1
        self.first_wrong = self.first_wrong or what

    def connect(self, count):
        for number in range(count):
            self.add((0, 0))
            if number % 100 == 99:
                self.take(0)
        self.wait_until(lambda: all(one.is_past_head for one in self.followers.values()))
        return len(self.followers)

    def add(self, after):
        follower = Follower(self.port, after)
        self.followers[follower.socket.fileno()] = follower
        self.epoll.register(follower.socket.fileno(), select.EPOLLIN)

    def remove(self, number):
        follower = self.followers.pop(number)
        self.epoll.unregister(number)
        follower.socket.close()
        return follower

    def take(self, timeout):
        """Reads from whoever has something; true if standard input does."""
        asked = False
        view = memoryview(self.room)
        for number, _ in self.epoll.poll(timeout, 512):
            follower = self.followers.get(number)
            if follower is None:
                asked = True
                continue
            try:
                count = follower.socket.recv_into(self.room)
            except BlockingIOError:
                continue
            except OSError as error:
                count = 0
                self.note(f"a connection broke: {error}")
            if count == 0:
                self.note("a connection was closed")
                self.remove(number)
                continue
            moment = time.monotonic()
            chunk = view[:count]
            if not follower.is_past_head:
                chunk = follower.past_head(bytes(chunk))
            if chunk:
                self.compare(follower, chunk, moment)
        return asked

    def compare(self, follower, chunk, moment):
        start, stop = follower.offset, follower.offset + len(chunk)
        if self.master[start:stop] != chunk[:max(0, len(self.master) - start)] or 0x3A == chunk[0]:
            chunk = HEARTBEAT.sub(b"", bytes(chunk))
            stop = start + len(chunk)
            if self.master[start:stop] != chunk[:max(0, len(self.master) - start)]:
                self.note(f"at byte {start}: {chunk[:80]!r} instead of "
                          f"{bytes(self.master[start:start + 80])!r}")
                return
        if stop > len(self.master):
            self.master += chunk[len(self.master) - start:]
        follower.offset = stop
        if self.recording:
            self.moments.append(moment)
            self.starts.append(start)
            self.stops.append(stop)

    def wait_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end:
            self.take(0.05)

    def note_events(self):
        """Takes apart what is new of the master; its ids must go on by one."""
        begin = self.ends[-1] if self.ends else 0
        for event in bytes(self.master[begin:]).split(b"\n\n")[:-1]:
            begin += len(event) + 2
            found = EVENT.search(event)
            if not found or int(found[1]) != len(self.ends) + 1:
                self.note(f"event {len(self.ends) + 1} is {event[:80]!r}")
            self.ends.append(begin)

    def settle(self, count):
        """Waits until everybody has `count` events, and says who has not."""
        def complete():
            self.note_events()
            whole = self.ends[count - 1] if len(self.ends) >= count else None
            return whole and all(one.offset >= whole for one in self.followers.values())

        self.wait_until(complete)
        self.recording = False
        lost = sum(count - bisect.bisect_right(self.ends, one.offset)
                   for one in self.followers.values())
        return {"lost": lost, "wrong": self.wrong, "first_wrong": self.first_wrong}

    def latency(self, answered):
        """From each post's answer to the event's arrival at each socket. An event that came before
        its writer had read the answer took no time."""
        counts = {}
        ends = self.ends
        longest = 0.0
        for moment, start, stop in zip(self.moments, self.starts, self.stops):
            for event in range(bisect.bisect_right(ends, start), bisect.bisect_right(ends, stop)):
                late = moment - answered[event]
                slot = int(late * (1e3 / SMALLEST_MS)) if late > 0 else 0
                counts[slot] = counts.get(slot, 0) + 1
                longest = max(longest, late)
        total = sum(counts.values())

        def percentile(share):
            seen = 0
            for slot in sorted(counts):
                seen += counts[slot]
                if seen >= share * total:
                    return slot * SMALLEST_MS
            return 0.0

        return {"deliveries": total, "p50_ms": percentile(0.5), "p99_ms": percentile(0.99),
                "max_ms": longest * 1e3}

    def cut(self, count):
        for number in list(self.followers)[:count]:
            self.note_events()
            complete = bisect.bisect_right(self.ends, self.remove(number).offset)
            self.cut_off.append((self.ends[complete - 1] if complete else 0, complete))
        return count

    def resume(self):
        for after in self.cut_off:
            self.add(after)
        return len(self.cut_off)

    def cpu(self):
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = Crowd(int(sys.argv[1]))
    crowd.epoll.register(sys.stdin.fileno(), select.EPOLLIN)
    while True:
        if crowd.take(1):
            line = sys.stdin.readline()
            if not line:
                return
            name, *words = json.loads(line)
            print(json.dumps(getattr(crowd, name)(*words)), flush=True)


if __name__ == "__main__":
    main()
