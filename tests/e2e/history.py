"""What clients saw of several instances, and whether one truth can have shown it all. Pure."""

import bisect
import collections
import dataclasses

BOUND = 1.0  # seconds: how old a list may be

ACKNOWLEDGED, UNKNOWN, REFUSED = "acknowledged", "unknown", "refused"


@dataclasses.dataclass(frozen=True)
class Post:
    client: int
    instance: int
    began: float
    ended: float
    thread: str
    comment: str            # of its own, never posted as another comment
    outcome: str            # of this attempt; the same comment may be tried again
    number: int | None = None  # where it is acknowledged: its place in the thread, from 1


@dataclasses.dataclass(frozen=True)
class Read:
    client: int
    instance: int
    began: float
    ended: float
    thread: str
    after: int              # the comments with greater numbers were asked for
    comments: tuple         # and these were shown
    total: int              # how many the thread was said to have
    seen: int = 0           # what X-Comments-Seen named


@dataclasses.dataclass(frozen=True)
class Violation:
    rule: str
    what: object


def check(operations, final):
    """`final`: thread → its comments in order, read at the end. → the violations, [] if none."""
    posts = [one for one in operations if isinstance(one, Post)]
    reads = sorted((one for one in operations if isinstance(one, Read)), key=lambda one: one.began)
    return [*check_posts(posts, final), *check_contents(reads, final), *check_monotonic(reads),
            *check_own(posts, reads), *check_age(posts, reads), *check_seen(reads)]


def check_posts(posts, final):
    """acknowledged: there once, at its place; unknown: there once or never; refused: never."""
    places = collections.defaultdict(list)
    for thread, comments in final.items():
        for number, comment in enumerate(comments, 1):
            places[thread, comment].append(number)
    attempts = collections.defaultdict(list)
    for post in posts:
        attempts[post.thread, post.comment].append(post)
    for place, tries in attempts.items():
        found = places.pop(place, [])
        outcomes = {post.outcome for post in tries}
        if len(found) > 1:
            yield Violation("duplicated", (place, found))
        if ACKNOWLEDGED in outcomes and not found:
            yield Violation("lost", place)
        if outcomes == {REFUSED} and found:
            yield Violation("refused, and there", place)
        for post in tries:
            if post.outcome == ACKNOWLEDGED and found and post.number not in found:
                yield Violation("misplaced", (post, found))
    for place in places:
        yield Violation("never posted", place)


def check_contents(reads, final):
    """Every list that anybody saw is a part of the final one, in its place."""
    for read in reads:
        whole = final.get(read.thread, [])
        if list(read.comments) != whole[read.after:read.after + len(read.comments)]:
            yield Violation("reordered", read)
        if read.after + len(read.comments) > max(read.total, read.after) or read.total > len(whole):
            yield Violation("miscounted", read)


def check_monotonic(reads):
    """No client sees a thread shrink on one and the same instance."""
    longest = {}
    for read in reads:
        who = read.client, read.instance, read.thread
        if read.total < longest.get(who, 0):
            yield Violation("shrunk", (read, longest[who]))
        longest[who] = max(longest.get(who, 0), read.total)


class Knowledge:
    """By when how much of a thread was known."""

    def __init__(self, facts):
        """`facts`: (time, number of comments), in any order."""
        self.times, self.numbers = [], []
        most = 0
        for time, number in sorted(facts):
            most = max(most, number)
            self.times.append(time)
            self.numbers.append(most)

    def before(self, time):
        index = bisect.bisect_left(self.times, time)
        return self.numbers[index - 1] if index else 0


def gather(facts):
    """facts: (key, time, number) → key → Knowledge."""
    sorted_out = collections.defaultdict(list)
    for key, time, number in facts:
        sorted_out[key].append((time, number))
    return collections.defaultdict(lambda: Knowledge([]),
                                   {key: Knowledge(some) for key, some in sorted_out.items()})


def acknowledged(posts):
    return [post for post in posts if post.outcome == ACKNOWLEDGED]


def check_own(posts, reads):
    """What an instance has acknowledged it shows at once, to everybody."""
    known = gather(((post.instance, post.thread), post.ended, post.number)
                   for post in acknowledged(posts))
    for read in reads:
        if (least := known[read.instance, read.thread].before(read.began)) > read.total:
            yield Violation("not its own", (read, least))


def check_age(posts, reads):
    """What anybody was told or shown more than a second ago is shown by all."""
    known = gather([*((post.thread, post.ended, post.number) for post in acknowledged(posts)),
                    *((read.thread, read.ended, read.total) for read in reads)])
    for read in reads:
        if (least := known[read.thread].before(read.began - BOUND)) > read.total:
            yield Violation("too old", (read, least))


def check_seen(reads):
    """Whoever names what he has seen sees no less."""
    return (Violation("less than seen", read) for read in reads if read.total < read.seen)


def summary(violations):
    counts = collections.Counter(violation.rule for violation in violations)
    return ", ".join(f"{count} {rule}" for rule, count in counts.items()) or "0 violations"
