"""Writers that never give a comment up, and the verdict on what became of their comments."""

import collections
import dataclasses
import http.client
import threading

import service

GONE = (OSError, http.client.HTTPException)  # what a client sees of a service that was killed


class Writer:
    """Posts one comment after the other, each with a key; what got no answer is posted again."""

    def __init__(self, name, content_id):
        self.name = name
        self.content_id = content_id
        self.posted = 0
        self.unanswered = None
        self.acknowledged = {}  # comment → its id
        self.contradictions = []

    def write_until(self, stop, port):
        """Returns when the service is gone, or when `stop` is set and everything is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=service.DEADLINE)
        try:
            self.repeat_the_last(connection)
            while self.unanswered or not stop.is_set():
                self.unanswered = self.unanswered or self.next_comment()
                self.acknowledge(self.unanswered, self.post(connection, self.unanswered))
                self.unanswered = None
        except GONE:
            return
        finally:
            connection.close()

    def next_comment(self):
        self.posted += 1
        return f"{self.name}-{self.posted}"

    def post(self, connection, comment):
        """The comment's id. Its text is its key."""
        answer = service.exchange(
            connection, "POST", "/api/comment/new", service.new_comment(self.content_id, comment),
            {"Content-Type": "application/json", "Idempotency-Key": comment})
        assert answer.status == 200, answer.body
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def acknowledge(self, comment, number):
        if self.acknowledged.setdefault(comment, number) != number:
            self.contradictions.append((comment, self.acknowledged[comment], number))

    def repeat_the_last(self, connection):
        """A key that was answered before is answered the same, by the next process too."""
        for comment in list(self.acknowledged)[-1:]:
            self.acknowledge(comment, self.post(connection, comment))


class Crowd:
    """Many writers, a thread each."""

    def __init__(self, count, content_ids, kind=Writer):
        self.writers = [kind(f"w{i}", content_ids[i % len(content_ids)]) for i in range(count)]
        self.threads = []
        self.stop = threading.Event()
        self.failures = []

    def begin(self, port):
        def run(writer):
            try:
                writer.write_until(self.stop, port)
            except BaseException as failure:  # told by the main thread
                self.failures.append(failure)

        self.stop.clear()
        self.threads = [threading.Thread(target=run, args=[one]) for one in self.writers]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    def finish(self):
        """Everything that is under way is answered, nothing new is posted."""
        self.stop.set()
        self.join()

    def acknowledged(self):
        return sum(len(writer.acknowledged) for writer in self.writers)


@dataclasses.dataclass
class Verdict:
    """What was promised and not kept: comments, each with what is wrong about it."""
    lost: list
    duplicated: list
    misplaced: list
    gaps: list

    def is_clean(self):
        return not (self.lost or self.duplicated or self.misplaced or self.gaps)

    def summary(self):
        return ", ".join(f"{len(wrong)} {name}" for name, wrong in vars(self).items())


def judge(writers, threads):
    """`threads`: content_id → its comments in full view, read at the end."""
    lost, misplaced = [], []
    places = collections.defaultdict(list)
    for content_id, comments in threads.items():
        for comment in comments:
            places[content_id, comment["comment"]].append(comment["id"])
    for writer in writers:
        misplaced += writer.contradictions
        for comment, number in writer.acknowledged.items():
            found = places[writer.content_id, comment]
            if not found:
                lost.append((comment, number))
            elif number not in found:
                misplaced.append((comment, number, found))
    duplicated = [(place, found) for place, found in places.items() if len(found) > 1]
    gaps = [content_id for content_id, comments in threads.items()
            if [comment["id"] for comment in comments] != list(range(1, len(comments) + 1))]
    return Verdict(lost, duplicated, misplaced, gaps)
