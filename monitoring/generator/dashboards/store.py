"""3 Store and runtime: use, saturation and errors of what the service stands on."""

from . import promql, variables
from .board import Board
from .panel import LIMIT, SEVERITY_COLOURS, Query, bar_gauge, heatmap, row, timeseries
from .promql import RATE

COMMIT = "comments_store_commit_duration_seconds{}"
READ = "comments_store_read_duration_seconds{}"
BATCH = "comments_store_batch_size{}"

FULL = (  # what → how much of it, and its limit
    ("posts waiting", "comments_store_queue_depth{}", "comments_store_queue_capacity{}"),
    ("reads waiting", "comments_store_read_queue_depth{}", "comments_store_read_queue_capacity{}"),
    ("connections", "http_server_open_connections{}", "http_server_max_connections{}"),
    ("long answers' memory", "http_server_answers_bytes{}", "http_server_answers_max_bytes{}"),
    ("cache", "http_server_cache_bytes{}", "http_server_cache_max_bytes{}"),
    ("file descriptors", "process_open_fds{}", "process_max_fds{}"),
)


def against_limit(title, description, unit, used, limit, runbook, **how):
    """Each instance's use, and the limit, which is the same for all."""
    return timeseries(title, description, unit, [Query(f"sum by (instance) ({used})", "{{instance}}"),
                                                 Query(f"max({limit})", "limit")], runbook, colours=LIMIT, **how)


def store():
    return [
        row("Store"),
        bar_gauge("How full", "The fullest instance. At 100 % posts and lists are refused with 503, connections are"
                  " not accepted, slow readers are cut; a full cache only forgets.", "percentunit",
                  [Query(f"max({used} / {limit})", name) for name, used, limit in FULL], "QueueSaturated"),
        timeseries("Commits", "One transaction for all posts that wait. SQLite: the disk's flush; PostgreSQL: the"
                   " network and the server's.", "s",
                   [Query(promql.quantile(q, COMMIT), f"p{q * 100:g}") for q in (0.5, 0.99)], "CommitSlow", log=True),
        timeseries("Posts a commit", "Grows with the load: that is what keeps up with it.", "short",
                   [Query(promql.mean(BATCH), "mean"), Query(promql.quantile(0.99, BATCH), "p99")],
                   "QueueSaturated"),
        against_limit("Posts that wait for a commit", "At the limit posts are refused with 503.", "short",
                      "comments_store_queue_depth{}", "comments_store_queue_capacity{}", "QueueSaturated"),
        timeseries("Reads", "From the store, where the cache had no answer.", "s",
                   [Query(promql.quantile(0.5, READ, by=("operation",)), "{{operation}}, p50"),
                    Query(promql.quantile(0.99, READ, by=("operation",)), "{{operation}}, p99")], "CommitSlow",
                   log=True),
        against_limit("Reads that wait for a thread", "At the limit lists are refused with 503.", "short",
                      "comments_store_read_queue_depth{}", "comments_store_read_queue_capacity{}", "Overload"),
        timeseries("Store errors", "unavailable: not reached; overloaded: a queue was full; internal: a fault, whose"
                   " cause the log says.", "ops",
                   [Query(f"sum by (operation, kind) (rate(comments_store_errors_total{{}}[{RATE}]))",
                          "{{operation}}: {{kind}}")], "StoreErrors", stacked=True),
        timeseries("Can it write and read?", "The share of instances whose store takes posts, and gives lists.",
                   "percentunit", [Query("avg(comments_writes_available{})", "writes"),
                                   Query("avg(comments_reads_available{})", "reads"),
                                   Query("avg(comments_ready{})", "ready")], "WritesUnavailable", top=1),
        heatmap("How long commits took", "A second band above the first: a disk that stalls, or a failover.", "s",
                Query(f"sum by (le) (increase(comments_store_commit_duration_seconds_bucket{{}}[{RATE}]))", "{{le}}"),
                "CommitSlow", width=8),
    ]


def memory_and_connections():
    return [
        row("Memory and connections"),
        against_limit("Memory of long answers", "Held for readers slower than the answer is long. At the limit the"
                      " slowest are told 503.", "bytes", "http_server_answers_bytes{}",
                      "http_server_answers_max_bytes{}", "MemoryHigh"),
        against_limit("Cache of encoded lists", "Full is normal: it forgets what was asked for longest ago.", "bytes",
                      "http_server_cache_bytes{}", "http_server_cache_max_bytes{}", "MemoryHigh"),
        against_limit("Connections", "Open ones, streams included. At the limit new ones are turned away.", "short",
                      "http_server_open_connections{}", "http_server_max_connections{}", "Overload"),
        timeseries("Connections accepted", "Many for few requests: clients, or a proxy, that keep none alive.",
                   "cps", [Query(f"sum by (instance) (rate(http_server_connections_total{{}}[{RATE}]))",
                                 "{{instance}}")], "Overload"),
        timeseries("Memory", "Resident. It grows with connections, lists in the cache and SQLite's page cache, and"
                   " then stays.", "bytes", [Query("sum by (instance) (process_resident_memory_bytes{})",
                                                   "{{instance}}")], "MemoryHigh"),
        timeseries("Virtual memory", "Address space: threads' stacks and mapped files. Only its growth means"
                   " something.", "bytes", [Query("sum by (instance) (process_virtual_memory_bytes{})",
                                                  "{{instance}}")], "MemoryHigh"),
    ]


def process():
    return [
        row("Process"),
        timeseries("CPU", "Seconds of CPU a second: 1 is one core.", "short",
                   [Query(f"sum by (instance) (rate(process_cpu_seconds_total{{}}[{RATE}]))", "{{instance}}")],
                   "Overload"),
        timeseries("Threads", "Fixed after the start: reactors, workers, a writer. Growth is a fault.", "short",
                   [Query("sum by (instance) (process_threads{})", "{{instance}}")], "MemoryHigh"),
        against_limit("File descriptors", "One a connection, and a few files.", "short", "process_open_fds{}",
                      "process_max_fds{}", "FileDescriptorsHigh", log=True),
        timeseries("Restarts", "Starts of the same instance in the last hour. On Cloud Run a new process is a new"
                   " instance: see its age.", "short",
                   [Query("sum by (instance) (changes(process_start_time_seconds{}[1h]))", "{{instance}}")],
                   "Restarts"),
        timeseries("Age", "Since each process was started.", "s",
                   [Query("time() - min by (instance) (process_start_time_seconds{})", "{{instance}}")], "Restarts"),
        timeseries("Log lines", "By severity. An error line says what failed, and for which request.",
                   "cps", [Query(f"sum by (severity) (rate(log_messages_total{{}}[{RATE}]))", "{{severity}}")],
                   "ErrorLogs", stacked=True, colours=SEVERITY_COLOURS),
        timeseries("Log lines dropped", "Whoever reads the log is slower than it is written. Errors are dropped"
                   " last.", "cps",
                   [Query(f"sum by (severity) (rate(log_messages_dropped_total{{}}[{RATE}]))", "{{severity}}")],
                   "LogLinesDropped", stacked=True, colours=SEVERITY_COLOURS),
    ]


def board(_slo):
    return Board(
        "comments-store", "Comments / 3 Store and runtime", "Use, saturation and errors of what it stands on.",
        (variables.METRICS, variables.JOB, variables.INSTANCE),
        [*store(), *memory_and_connections(), *process()])
