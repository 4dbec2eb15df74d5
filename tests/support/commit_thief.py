"""What can become of a COMMIT when the connection breaks at the worst moment. For black_hole.Proxy."""

import asyncio
import collections

COMMIT = b"\0COMMIT\0"  # as the extended protocol has it in a Parse message; no text has a NUL


class CommitThief:
    """Breaks the connection at one COMMIT in `one_in`, in one of three ways."""

    def __init__(self, random, one_in):
        self.random = random
        self.one_in = one_in
        self.stolen = collections.Counter()
        self.ways = [self.lose_the_answer, self.delay_the_commit, self.lose_the_commit]

    def __call__(self, chunk):
        if COMMIT not in chunk or self.random.randrange(self.one_in):
            return None
        way = self.random.choice(self.ways)
        self.stolen[way.__name__.replace("_", " ")] += 1
        return way

    async def lose_the_answer(self, link, chunk):
        """It happens, and the client cannot know."""
        link.break_towards_client()
        await link.finish(chunk)

    async def delay_the_commit(self, link, chunk):
        """It happens, but perhaps after the client has come back to ask."""
        link.break_towards_client()
        await asyncio.sleep(self.random.uniform(0, 0.1))
        await link.finish(chunk)

    async def lose_the_commit(self, link, _chunk):
        """It never happens."""
        link.break_all()

    def summary(self):
        return ", ".join(f"{count} × {way}" for way, count in sorted(self.stolen.items()))
