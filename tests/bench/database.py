"""`scripts/bench postgres`: durable posts beside pgbench, one, two and three instances on one server;
cached and uncached reads beside SQLite; what the database does for a post.

pgbench inserts one row a transaction, by a prepared statement, on as many connections as there are
clients: what a service without group commit could reach at the very best. Everything runs on the
same cores: the server, the instances and their load.
"""

import concurrent.futures
import functools
import itertools
import pathlib
import re
import subprocess
import sys

import output
import processes
import serving
import wrk
from measured import interleaved

sys.path.append(str(processes.ROOT / "tests/support"))
import postgres_server  # noqa: E402  after its folder is known

POSTS = "posts, PostgreSQL"
READS = "a list of 20 from memory"
PAGES = "pages from the store"
MANY_READS = "a list of 20, many instances"
PGBENCH = "pgbench, a transaction a row"
READ_THREAD = "read"  # the posts go to others
READ = f"/api/comment/list/{READ_THREAD}"
LOADS = (64, 256)
INSTANCES = (1, 2, 3)
CONNECTIONS = 6  # of an instance: --store-connections
ROW = ("INSERT INTO rows (content_id, email, comment, created_at) VALUES ('1', 'alice@example.com',"
       " '1-2-3 agrees with the article', 1760000000000);\n")
numbers = itertools.count()


def title(instances):
    return f"comments serve × {instances}"


def count_rows(server):
    return int(server.sql("SELECT count(*) FROM rows", "pgbench")[0])


def report_of(text):
    """The figures in what pgbench printed."""
    latency = float(re.search(r"latency average = ([0-9.]+) ms", text)[1])
    per_second = float(re.search(r"tps = ([0-9.]+)", text)[1])
    return {"requests_per_s": per_second, "p50_ms": latency}


def run_pgbench(server, load, seconds):
    done = subprocess.run(
        [server.programs / "pgbench", "-n", "-M", "prepared", "-f", "-", "-c", str(load), "-j", "2",
         "-T", str(seconds), server.url("pgbench")],
        input=ROW, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"pgbench failed: {done.stderr}")
    return report_of(done.stdout)


def load_on(instances, load, seconds, **how):
    """wrk at each instance, at once; together they are one load."""
    share = load // len(instances)
    with concurrent.futures.ThreadPoolExecutor(len(instances)) as pool:
        runs = list(pool.map(lambda one: wrk.run(one.url(how["target"]), share, seconds,
                                                 script=how["script"], words=[next(numbers)]),
                             instances))
    return {"requests_per_s": sum(one["requests_per_s"] for one in runs),
            "p50_ms": max(one["p50_ms"] for one in runs),
            "p99_ms": max(one["p99_ms"] for one in runs),
            "errors": sum(one["errors"] for one in runs)}


def cpu_seconds(server):
    """What all processes of the server have used: those that live, and, as their parent's children,
    those that have ended."""
    postmaster = (server.data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    ticks = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        fields = text[text.rindex(")") + 2:].split()
        if stat.parent.name == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == postmaster:
            ticks += sum(map(int, fields[11:13]))
    return ticks / processes.TICKS


class Work:
    """What the database has done since."""

    def __init__(self, server):
        self.server = server
        self.before = self.look()
        self.cpu = cpu_seconds(server)

    def look(self):
        posts, commits, wal, backends = self.server.sql(
            "SELECT (SELECT coalesce(sum(count), 0) FROM contents),"
            " (SELECT xact_commit FROM pg_stat_database WHERE datname = 'comments'),"
            " pg_current_wal_insert_lsn() - '0/0'::pg_lsn,"
            " (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'comments')",
            "comments")[0].split("|")
        return int(posts), int(commits), int(wal), int(backends)

    def of_a_post(self):
        after = self.look()
        posts = max(1, after[0] - self.before[0])
        return {"server_us": (cpu_seconds(self.server) - self.cpu) * 1e6 / posts,
                "commits": (after[1] - self.before[1]) / posts,
                "wal_bytes": (after[2] - self.before[2]) / posts, "backends": after[3]}


def measure_pgbench(bench, server, load):
    output.say(f"posts, {load} clients: pgbench")
    rows, before = count_rows(server), cpu_seconds(server)
    figures = run_pgbench(server, load, bench.seconds)
    spent = cpu_seconds(server) - before
    figures["server_us"] = spent * 1e6 / (count_rows(server) - rows)
    bench.measured.add(POSTS, PGBENCH, load, figures)


def measure_posts(bench, server, instances, load):
    output.say(f"posts, {load} clients: {len(instances)} instances")
    work = Work(server)
    figures = load_on(instances, load, bench.seconds, target="/api/comment/new",
                      script="posts.lua")
    bench.measured.add(POSTS, title(len(instances)), load, {**figures, **work.of_a_post()})


def measure_reads(bench, instances):
    output.say(f"the list of 20: {len(instances)} instances")
    bench.measured.add(MANY_READS, title(len(instances)), 64, load_on(
        instances, 64, bench.seconds, target=READ, script="report.lua"))


def measure_list(bench, row, running):
    output.say(f"the list of 20: {row}")
    bench.measured.add(READS, row, 64,
                       wrk.measure(running.group, running.url(READ), 64, bench.seconds))


def measure_pages(bench, row, running):
    output.say(f"pages of 50 of a thread of 10,000, without the cache: {row}")
    bench.measured.add(PAGES, row, 16, wrk.measure(
        running.group, running.url(), 16, bench.seconds, script="pages.lua",
        words=["/api/comment/list/big", 1, 10_000, next(numbers)]))


class Bench:
    def __init__(self, options, folder, stack, measured):
        self.rounds = options.rounds or (1 if options.quick else 3)
        self.seconds = options.seconds or (1 if options.quick else 3)
        self.loads = LOADS[:1] if options.quick else LOADS
        self.folder, self.stack, self.measured = folder, stack, measured

    def keep(self, name, *options, **how):
        home = self.folder / name
        home.mkdir(exist_ok=True)
        running = serving.start(home, *options, **how)
        self.stack.callback(running.group.end)
        return running


def run(options, folder, measured, facts, stack):
    bench = Bench(options, folder, stack, measured)
    output.say("starting PostgreSQL")
    server = postgres_server.Server(settings={"max_connections": 300, "shared_buffers": "256MB"})
    stack.callback(server.remove)
    server.create().start()
    server.sql("CREATE DATABASE pgbench")
    server.sql("CREATE TABLE rows (id bigserial PRIMARY KEY, content_id text, email text,"
               " comment text, created_at bigint)", "pgbench")
    url = server.create_database()
    instances = [bench.keep(f"instance-{i}", store=url) for i in range(max(INSTANCES))]
    bare = {"PostgreSQL": bench.keep("bare", "--cache-size", "0", store=url),
            "SQLite": bench.keep("bare-sqlite", "--cache-size", "0")}
    cached = {"PostgreSQL": instances[0], "SQLite": bench.keep("sqlite")}
    output.say("filling the stores")
    for running in bare.values():
        serving.fill(running, [("big", 10_000)])
    for running in cached.values():
        for number in range(20):
            serving.post(running.url(""), READ_THREAD, serving.text_of(number))

    cases = []
    for row, running in cached.items():
        cases.append(functools.partial(measure_list, bench, row, running))
    for row, running in bare.items():
        cases.append(functools.partial(measure_pages, bench, row, running))
    for count in INSTANCES:
        cases.append(functools.partial(measure_reads, bench, instances[:count]))
    for load in bench.loads:
        cases.append(functools.partial(measure_pgbench, bench, server, load))
        for count in INSTANCES:
            cases.append(functools.partial(measure_posts, bench, server, instances[:count], load))
    interleaved(bench.rounds, cases)
    most = max(figures["backends"] for _, _, figures in measured.rows(POSTS)
               if "backends" in figures)
    allowed = CONNECTIONS * (max(INSTANCES) + 1)
    if most > allowed:
        facts.setdefault("broken_promises", []).append(
            f"{most} connections to the database, and {allowed} are allowed")
    facts.setdefault("versions", {})["PostgreSQL"] = server.sql("SHOW server_version")[0]
