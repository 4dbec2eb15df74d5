"""What stands before the revisions: takes each request to one of them, by their shares, and counts the answers as
Cloud Run does (run.googleapis.com/request_count). A change of shares touches no request that has begun.

One thread of asyncio. The share is kept by weighted round robin, not by chance: of 100 requests in a row a revision
with 5 % gets five.
"""

import asyncio
import collections

import framing

UNAVAILABLE = (b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\n"
               b"Service Unavailable\n")
NO_ANSWER = 0


class Upstream(asyncio.Protocol):
    """A connection to a revision: carries one request at a time."""

    def __init__(self, pool):
        self.pool, self.transport, self.client, self.response = pool, None, None, None
        self.used = self.answered = False

    def connection_made(self, transport):
        self.transport = transport

    def send(self, client, request):
        self.client, self.request, self.answered = client, request, False
        self.response = framing.Response(request.startswith(b"HEAD "))
        self.transport.write(request)

    def data_received(self, data):
        if self.client is None:
            self.transport.abort()  # it has not been asked
            return
        self.answered = self.used = True
        client = self.client
        client.transport.write(data)
        if self.response.feed(data):
            self.client = None
            if self.response.keeps_open:
                self.pool.idle.append(self)
            else:
                self.transport.close()
            client.answered(self.pool.name, self.response.status)

    def connection_lost(self, _):
        if self in self.pool.idle:
            self.pool.idle.remove(self)
        if (client := self.client) is None:
            return
        self.client = None
        if not self.answered and self.used:
            client.take_to(self.pool)  # it was closed while our request was on its way: no answer can be lost
        elif not self.answered:
            client.refuse(self.pool.name)
        elif self.response.status and self.response.left is None and not self.response.chunked:
            client.answered(self.pool.name, self.response.status)
            client.transport.close()
        else:
            client.cut(self.pool.name)


class Pool:
    """The connections to one revision."""

    def __init__(self, name, port):
        self.name, self.port, self.idle = name, port, []

    async def connection(self):
        while self.idle:
            upstream = self.idle.pop()
            if not upstream.transport.is_closing():
                return upstream
        _, upstream = await asyncio.get_running_loop().create_connection(
            lambda: Upstream(self), "127.0.0.1", self.port)
        return upstream


class Client(asyncio.Protocol):
    """A connection of somebody who asks."""

    def __init__(self, front, choose):
        self.front, self.choose = front, choose
        self.data, self.request, self.upstream, self.task = b"", None, None, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.data += data
        if self.request is None:
            self.next()

    def next(self):
        try:
            split = framing.split_request(self.data)
        except ValueError:
            self.transport.close()
            return
        if split:
            self.request, self.data = split
            self.take_to(self.choose())

    def take_to(self, pool):
        if pool is None:
            self.refuse("")
        elif pool.idle and not pool.idle[-1].transport.is_closing():
            self.upstream = pool.idle.pop()
            self.upstream.send(self, self.request)
        else:
            self.task = asyncio.get_running_loop().create_task(self.connect_to(pool))

    async def connect_to(self, pool):
        try:
            self.upstream = await pool.connection()
        except OSError:
            self.refuse(pool.name)
            return
        self.upstream.send(self, self.request)

    def refuse(self, revision):
        self.transport.write(UNAVAILABLE)
        self.answered(revision, 503)

    def cut(self, revision):
        self.front.count(revision, NO_ANSWER)
        self.transport.abort()

    def answered(self, revision, status):
        self.front.count(revision, status)
        self.request = self.upstream = None
        if self.data:
            self.next()

    def connection_lost(self, _):
        if self.upstream and self.upstream.client is self:
            self.upstream.client = None
            self.upstream.transport.abort()


class Front:
    def __init__(self, service):
        self.service = service
        self.pools = {}  # revision: Pool, of those that can be asked
        self.weights = {}  # revision: percent
        self.splits = []  # all that there have been
        self.debts = collections.Counter()
        self.counts = collections.Counter()  # (revision, class): requests

    async def listen(self, choose=None):
        """Returns the port."""
        server = await asyncio.get_running_loop().create_server(
            lambda: Client(self, choose or self.by_share), "127.0.0.1", 0, backlog=1024)
        return server.sockets[0].getsockname()[1]

    def by_share(self):
        if not self.weights:
            return None
        for name, weight in self.weights.items():
            self.debts[name] += weight
        chosen = max(self.weights, key=self.debts.__getitem__)
        self.debts[chosen] -= sum(self.weights.values())
        return self.pools.get(chosen) or Pool(chosen, 0)  # port 0: it is down, and 503

    def set_weights(self, weights):
        self.weights, self.debts = dict(weights), collections.Counter()
        self.splits.append(self.weights)

    def count(self, revision, status):
        self.counts[revision, f"{status // 100 or 5}xx"] += 1

    def exposition(self):
        lines = ["# TYPE run_googleapis_com:request_count counter"]
        for (revision, kind), count in sorted(self.counts.items()):
            lines.append('run_googleapis_com:request_count{monitored_resource="cloud_run_revision",'
                         f'service_name="{self.service}",revision_name="{revision}",'
                         f'response_code_class="{kind}"}} {count}')
        return "\n".join(lines) + "\n"
