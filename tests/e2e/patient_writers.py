"""Writers that take «not now» for an answer and post the same comment, with the same key, to the
next instance; and what their answers tell of an outage."""

import collections
import dataclasses
import http.client
import itertools
import time

import service
import writers

PATIENCE = 60   # seconds, for one comment
PAUSE = 0.005   # seconds, between two comments of one writer: the load stays bounded
LONGER = 0.02   # after a refusal


@dataclasses.dataclass
class Asked:
    """One request: to which instance, when, and how it ended; status None: no answer."""
    instance: int
    began: float
    ended: float
    status: int | None

    @property
    def seconds(self):
        return self.ended - self.began


class PatientWriter(writers.Writer):
    """Its `port` is a list: of all instances. It asks its own first, and the others if it must."""

    def __init__(self, name, content_id):
        super().__init__(name, content_id)
        self.home = int(name[1:])
        self.asked = []
        self.tries = collections.Counter()  # how many comments needed that many

    def write_until(self, stop, port):
        while self.unanswered or not stop.wait(PAUSE):
            self.unanswered = self.unanswered or self.next_comment()
            self.acknowledge(self.unanswered, self.post_until_answered(port, self.unanswered))
            self.unanswered = None

    def post_until_answered(self, ports, comment):
        end = time.monotonic() + PATIENCE
        for tries in itertools.count(1):
            instance = (self.home + tries - 1) % len(ports)
            number = self.try_to_post(ports, instance, comment)
            if number is not None:
                self.tries[tries] += 1
                return number
            assert time.monotonic() < end, f"no instance has taken {comment} in {PATIENCE} s"
            time.sleep(LONGER)

    def try_to_post(self, ports, instance, comment):
        """The comment's id; None: nobody knows, or not now."""
        connection = http.client.HTTPConnection("127.0.0.1", ports[instance], timeout=service.DEADLINE)
        began = time.monotonic()
        status = None
        try:
            answer = service.exchange(
                connection, "POST", "/api/comment/new",
                service.new_comment(self.content_id, comment),
                {"Content-Type": "application/json", "Idempotency-Key": comment})
            status = answer.status
        except writers.GONE:
            return None
        finally:
            connection.close()
            self.asked.append(Asked(instance, began, time.monotonic(), status))
        assert status in (200, 503), answer.body
        return int(answer.headers["Location"].rsplit("/", 1)[1]) if status == 200 else None


class PatientCrowd(writers.Crowd):
    """PatientWriters, and their answers put together."""

    def __init__(self, count, content_ids):
        super().__init__(count, content_ids, PatientWriter)

    def wait_for_more(self, comments):
        enough = self.acknowledged() + comments
        service.wait_until(lambda: self.failures or self.acknowledged() >= enough,
                           f"{comments} more comments", PATIENCE, pause=0.01)
        assert not self.failures, self.failures

    def asked(self, since=0.0, instance=None, status=...):
        """What was answered since then."""
        return [one for writer in self.writers for one in list(writer.asked)
                if one.ended >= since and instance in (None, one.instance)
                and status in (..., one.status)]

    def wait_for_answers(self, status, each, instances, since):
        """Until that many such answers have come from each of them."""
        for instance in instances:
            service.wait_until(lambda: self.failures or len(self.asked(since, instance, status)) >= each,
                               f"{each} times {status} from instance {instance}", PATIENCE, pause=0.01)
        assert not self.failures, self.failures

    def repeated(self):
        """How many comments were posted more than once before they were acknowledged."""
        return sum(count for writer in self.writers
                   for tries, count in writer.tries.items() if tries > 1)


@dataclasses.dataclass
class Gap:
    """One outage as the writers met it, in seconds."""
    lasted: float           # from the fault to the repair
    first_refusal: float    # from the fault to the first 503, of the slowest instance
    later_refusals: list    # what was asked after an instance's first 503, and got one too
    good_again: float       # from the repair to the first comment stored, of the slowest instance


def measure_gap(crowd, fault, repaired, instances):
    """The breaker of an instance is known to be open when its first 503 has been answered."""
    first, later, good = [], [], []
    for instance in instances:
        refused = sorted(crowd.asked(fault, instance, 503), key=lambda one: one.ended)
        if refused:
            first.append(refused[0].ended - fault)
            later += [one.seconds for one in refused
                      if refused[0].ended <= one.began and one.ended <= repaired]
        stored = [one.ended for one in crowd.asked(repaired, instance, 200)]
        good.append(min(stored) - repaired)
    return Gap(repaired - fault, max(first, default=0.0), later, max(good))


def print_gaps(what, gaps):
    later = sorted(seconds for gap in gaps for seconds in gap.later_refusals) or [0.0]
    def span(values):
        return f"{min(values):.2f} to {max(values):.2f} s"
    print(f"{len(gaps)} × {what}, each {span([gap.lasted for gap in gaps])}: first 503 after at most "
          f"{max(gap.first_refusal for gap in gaps):.2f} s; then {len(later)}, median "
          f"{1000 * later[len(later) // 2]:.0f} ms, p99 {1000 * later[len(later) * 99 // 100]:.0f} ms, "
          f"max {1000 * later[-1]:.0f} ms; good again {span([gap.good_again for gap in gaps])} "
          "after the repair")
