"""The goals: ratios of one run, and limits. `--floor` fails on a floor; a goal is wished for. Times
and sizes that are the machine's as much as ours have a goal alone.

That no event of a stream may be lost, doubled or misplaced is no goal but a promise: a broken one
fails always.
"""

OURS = "comments serve"
NGINX = "nginx, a static file"
SEED = "the seed: Flask, 3 workers"


POSTS = "posts, PostgreSQL"
PGBENCH = "pgbench, a transaction a row"


def verdict(name, value, at_least=None, at_most=None, goal=None):
    floor = at_most if at_least is None else at_least
    goal = floor if goal is None else goal
    holds = value is None or (value >= floor if at_most is None else value <= floor)
    return {"name": name, "value": value if value is None else round(value, 3), "floor": floor,
            "goal": goal, "at_least": at_most is None, "holds": holds,
            "reached": value is not None and (value >= goal if at_most is None else value <= goal)}


def wish(name, value, at_most):
    return {**verdict(name, value, at_most=at_most), "floor": None, "holds": True}


def figure(measured, section, name):
    """The worst of a section's rows; None where it was not measured."""
    values = [figures[name] for _, _, figures in measured.rows(section) if name in figures]
    return max(values) if values else None


def p99_of_posts(measured):
    row = OURS, "64"
    return next((figures["p99_ms"] for name, load, figures in measured.rows("posts")
                 if (name, load) == row), None)


def judge(measured, facts):
    def ours(section, name, load, other):
        return measured.ratio(section, name, (OURS, load), (other, load))

    small, big = ("thread of 100", 64), ("thread of 10,000", 64)
    share = facts.get("overload", {}).get("share_of_peak")
    verdicts = []
    for load in (64, 1_024):
        verdicts += [
            verdict(f"list, {load} connections, requests/s, ours ÷ nginx",
                    ours("list", "requests_per_s", load, NGINX), at_least=0.95),
            verdict(f"list, {load} connections, CPU a request, ours ÷ nginx",
                    ours("list", "cpu_us", load, NGINX), at_most=0.9, goal=0.8),
            verdict(f"list, {load} connections, requests/s, ours ÷ the seed's with 3 workers",
                    ours("list", "requests_per_s", load, SEED), at_least=8),
        ]
    verdicts += [
        verdict("durable posts/s, 64 clients, ours ÷ the seed's, which keeps none",
                ours("posts", "requests_per_s", 64, SEED), at_least=4, goal=5),
        *(verdict(f"a page of a thread of 10,000 ÷ of 100, {words}, {how}",
                  measured.ratio(f"pages, {how}", name, big, small), at_most=1.2)
          for how in ("warm", "cold")
          for name, words in (("p99_ms", "p99"), ("cpu_us", "CPU a request"))),
        verdict("posts/s in PostgreSQL, 64 clients, one instance ÷ pgbench",
                measured.ratio(POSTS, "requests_per_s", ("comments serve × 1", 64), (PGBENCH, 64)),
                at_least=0.9, goal=3),
        verdict("posts in PostgreSQL, 64 clients, the database's CPU a post, pgbench ÷ one instance",
                measured.ratio(POSTS, "server_us", (PGBENCH, 64), ("comments serve × 1", 64)),
                at_least=2, goal=3),
        *(verdict(f"a list of 20 from memory, {words}, PostgreSQL ÷ SQLite",
                  measured.ratio("a list of 20 from memory", name, ("PostgreSQL", 64),
                                 ("SQLite", 64)), at_most=1.1)
          for name, words in (("cpu_us", "CPU a request"),)),
        verdict("followers, from the post's answer to the event, p99 ms",
                figure(measured, "followers", "p99_ms"), at_most=1_000),
        verdict("goodput under overload ÷ the peak", share, at_least=0.9),
        verdict("normal p99 after the overload, s", figure(measured, "overload", "recovery_s"),
                at_most=1),
        wish("durable posts, 64 clients, p99 ms", p99_of_posts(measured), at_most=10),
        wish("from exec to ready, ms", figure(measured, "start-up", "ready_ms"), at_most=100),
        wish("memory of a service that nobody asks, MiB",
             figure(measured, "start-up", "memory_mib"), at_most=10),
        wish("memory for 10,000 idle connections, MiB",
             measured.difference("idle connections", "memory_mib", ("10,000", 64), ("none", 64)),
             at_most=60),
        wish("memory for the followers, MiB", figure(measured, "followers", "more_mib"),
             at_most=60),
    ]
    return verdicts


def exit_code(verdicts, facts, floor):
    if facts.get("broken_promises"):
        return 1
    return 1 if floor and not all(one["holds"] for one in verdicts) else 0
