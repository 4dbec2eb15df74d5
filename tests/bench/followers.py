"""`scripts/bench followers`: many readers follow one thread while others write in it.

Promised, and checked on every connection: each event once, and in order. A part of the followers is
cut in the middle and comes again with the last id it has: it misses nothing either.
"""

import contextlib
import http.client
import json
import pathlib
import subprocess
import sys
import time

import output
import serving

CROWD = pathlib.Path(__file__).with_name("follower_crowd.py")
PAUSE_UNHEARD = 1  # seconds of posts that who was cut must catch up with


class Crowd:
    """The reading process: a line in, an answer out."""

    def __init__(self, port):
        self.process = subprocess.Popen([sys.executable, str(CROWD), str(port)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)

    def ask(self, *words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the followers' process has ended; what it said stands above")
        return json.loads(line)

    def end(self):
        self.process.kill()
        self.process.wait()


class Writer:
    """Posts at a steady rate, and notes when each was answered."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.answered = []  # the moment of each answer: of event 1, 2, …

    def post(self):
        body = json.dumps({"email": "alice@example.com", "content_id": 1,
                           "comment": serving.text_of(len(self.answered))})
        self.connection.request("POST", "/api/comment/new", body,
                                {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a post was answered with {answer.status}")
        self.answered.append(time.monotonic())

    def post_for(self, seconds, rate):
        began = time.monotonic()
        for number in range(round(seconds * rate)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            self.post()


def measure(running, count, rate, seconds):
    """(figures, what the crowd found wrong)"""
    with contextlib.ExitStack() as stack:
        crowd = Crowd(running.port)
        stack.callback(crowd.end)
        before = running.group.memory_mib()
        output.say(f"connecting {count:,} followers")
        crowd.ask("connect", count)
        writer = Writer(running.port)
        output.say(f"posting {rate}/s for {seconds} s")
        cpu, reader_cpu = running.group.cpu_seconds(), crowd.ask("cpu")
        began = time.monotonic()
        writer.post_for(seconds, rate)
        took = time.monotonic() - began
        cpu = running.group.cpu_seconds() - cpu
        reader_cpu = crowd.ask("cpu") - reader_cpu
        memory = running.group.memory_mib()
        crowd.ask("settle", len(writer.answered))
        late = crowd.ask("latency", writer.answered)
        cut = min(1_000, count)
        output.say(f"cutting {cut:,}, and letting them come again")
        crowd.ask("cut", cut)
        writer.post_for(PAUSE_UNHEARD, rate)
        crowd.ask("resume")
        writer.post_for(PAUSE_UNHEARD, rate)
        found = crowd.ask("settle", len(writer.answered))
    return {**late, "events_per_s": late.pop("deliveries") / took, "cpu_cores": cpu / took,
            "reader_cores": reader_cpu / took, "memory_mib": memory, "more_mib": memory - before,
            "lost": found["lost"], "wrong": found["wrong"]}, found["first_wrong"]


def run(options, folder, measured, facts):
    count = getattr(options, "followers", None) or (1_000 if options.quick else 10_000)
    rate = getattr(options, "rate", None) or 50
    seconds = options.seconds or (5 if options.quick else 30)
    home = pathlib.Path(folder) / "followers"
    home.mkdir()
    running = serving.start(home)
    try:
        figures, first_wrong = measure(running, count, rate, seconds)
    finally:
        running.group.end()
    measured.add("followers", f"{count:,} followers", f"{rate} posts/s", figures)
    if figures["lost"] or figures["wrong"]:
        facts.setdefault("broken_promises", []).append(
            f"followers: {figures['lost']} events lost, {figures['wrong']} streams wrong: "
            f"{first_wrong}")
        output.warn(facts["broken_promises"][-1])
