"""`scripts/bench http`: the parts, and the peers that they are measured on."""

import contextlib
import pathlib

import idle
import lists
import output
import pages
import peers
import posts
import serving
import startup

PARTS = {"list": lists.run, "posts": posts.run, "pages": pages.run, "idle": idle.run,
         "startup": startup.run}


class Bench:
    """What all parts need: how long, how often, where, and who runs."""

    def __init__(self, options, folder, stack, measured):
        self.rounds = options.rounds or (1 if options.quick else 3)
        self.seconds = options.seconds or (1 if options.quick else 3)
        self.quick = options.quick
        self.folder = pathlib.Path(folder)
        self.stack = stack
        self.measured = measured
        self.running = {}  # peer → Running
        self.left_out = {}  # peer → why, and the way to get it
        self.filled = None

    def keep(self, running):
        """Ended with the bench."""
        self.stack.callback(running.group.end)
        return running

    def start_peers(self, names):
        list_file = self.folder / "list.json"
        if not list_file.exists():
            serving.write_list(list_file)
        for name in names:
            output.say(f"starting {name}")
            try:
                self.running[name] = self.keep(peers.start_peer(name, self.folder, list_file))
            except peers.Missing as missing:
                self.left_out[name] = str(missing)
                output.warn(f"left out: {name}: {missing}")

    def stop_peers(self):
        """Nobody else is on the machine while ours is measured alone."""
        for running in self.running.values():
            running.group.end()
        self.running = {}

    def filled_store(self):
        """A database with a thread of 10,000, a hundred of 100, and (unless quick) 80,000 more."""
        if self.filled is None:
            output.say("filling a database")
            home = self.folder / "filled"
            home.mkdir()
            threads = [("big", 10_000), *((f"small-{i}", 100) for i in range(100))]
            if not self.quick:
                threads += [(f"article-{i}", 20) for i in range(4_000)]
            running = self.keep(serving.start(home))
            seconds = serving.fill(running, threads)
            running.group.end()
            self.filled = home / "comments.db"
            self.comments = sum(count for _, count in threads)
            output.say(f"{self.comments:,} comments in {seconds:.1f} s")
        return self.filled


def run(options, folder, measured, facts):
    with contextlib.ExitStack() as stack:
        bench = Bench(options, folder, stack, measured)
        with_peers = [part for part in options.parts if part in ("list", "posts")]
        if with_peers:
            bench.start_peers(options.peers)
        for part in with_peers:
            PARTS[part](bench)
        bench.stop_peers()
        for part in options.parts:
            if part not in with_peers:
                PARTS[part](bench)
        facts["settings"] = {"rounds": bench.rounds, "seconds": bench.seconds,
                             "parts": options.parts}
        facts["left_out"] = bench.left_out
        facts["versions"] = {name: peers.named(name).version() for name in options.peers
                             if name not in bench.left_out}
        facts["list_bytes"] = ((bench.folder / "list.json").stat().st_size if with_peers else None)


