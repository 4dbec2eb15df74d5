"""A TCP proxy on loopback that can go wrong as a network does: it holds everything back without
closing anything (a black hole), or does to a message what it is told to."""

import asyncio
import contextlib
import threading

CHUNK = 65_536


class Link:
    """One connection, with its two ends."""

    def __init__(self, client, server):
        self.client = client  # writers: towards the one, towards the other
        self.server = server

    def close(self):
        for end in (self.client, self.server):
            end.close()

    def break_towards_client(self):
        self.client.transport.abort()

    def break_all(self):
        for end in (self.client, self.server):
            end.transport.abort()

    async def finish(self, chunk):
        """The server gets these last bytes, and then the end of the stream."""
        with contextlib.suppress(OSError):
            self.server.write(chunk)
            await self.server.drain()
            self.server.write_eof()


class Proxy:
    """Forwards its `port` to a port of 127.0.0.1. `meddle`, where it is set, sees each chunk on its
    way to the server; if it answers with an async function, that gets (link, chunk), decides what
    becomes of both, and nothing that the server says after it reaches the client."""

    def __init__(self, to_port):
        self.to_port = to_port
        self.meddle = None
        self.port = None
        self.loop = asyncio.new_event_loop()
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.tasks = set()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        self.started.wait()
        return self

    def __exit__(self, *failure):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def hold(self):
        """From now on no byte passes, and no connection ends or comes about; all stay as they are."""
        self.loop.call_soon_threadsafe(self.is_open.clear)

    def heal(self):
        """What was held back arrives, as after a retransmission."""
        self.loop.call_soon_threadsafe(self.is_open.set)

    def run(self):
        asyncio.set_event_loop(self.loop)
        listener = self.loop.run_until_complete(
            asyncio.start_server(self.connect, "127.0.0.1", self.port or 0))
        self.port = listener.sockets[0].getsockname()[1]
        self.started.set()
        self.loop.run_forever()
        listener.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def connect(self, from_client, to_client):
        await self.is_open.wait()
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            to_client.transport.abort()
            return
        link = Link(to_client, to_server)
        back = self.loop.create_task(self.pump(from_server, to_client, link, None))
        self.tasks.add(back)  # the loop itself keeps no task alive
        back.add_done_callback(self.tasks.discard)
        await self.pump(from_client, to_server, link, lambda chunk: self.meddle and self.meddle(chunk))
        await asyncio.wait([back])

    async def pump(self, reader, writer, link, meddle):
        try:
            while chunk := await reader.read(CHUNK):
                await self.is_open.wait()
                if fate := meddle and meddle(chunk):
                    await fate(link, chunk)
                    return
                writer.write(chunk)
                await writer.drain()
            await self.is_open.wait()
            link.close()
        except OSError:
            await self.is_open.wait()
            link.close()
