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


def against_limit(title, unit, runbook, description, used, limit, **how):
    """Each instance's use, and the limit, which is the same for all."""
    queries = [Query(f"sum by (instance) ({used})", "{{instance}}"), Query(f"max({limit})", "limit")]
    return timeseries(title, unit, runbook, description, queries, colours=LIMIT, **how)


def store():
    return [
        row("Store"),
        bar_gauge("How full", "percentunit", "QueueSaturated",
                  "The fullest instance. At 100 % posts and lists are refused with 503, connections are"
                  " not accepted, slow readers are cut; a full cache only forgets.",
                  [Query(f"max({used} / {limit})", name) for name, used, limit in FULL]),
        timeseries("Commits", "s", "CommitSlow",
                   "One transaction for all posts that wait. SQLite: the disk's flush; PostgreSQL: the"
                   " network and the server's.",
                   [Query(promql.quantile(q, COMMIT), f"p{q * 100:g}") for q in (0.5, 0.99)],
                   log=True),
        timeseries("Posts a commit", "short", "QueueSaturated",
                   "Grows with the load: that is what keeps up with it.",
                   [Query(promql.mean(BATCH), "mean"), Query(promql.quantile(0.99, BATCH), "p99")]),
        against_limit("Posts that wait for a commit", "short", "QueueSaturated",
                      "At the limit posts are refused with 503.",
                      "comments_store_queue_depth{}", "comments_store_queue_capacity{}"),
        timeseries("Reads", "s", "CommitSlow",
                   "From the store, where the cache had no answer.",
                   [Query(promql.quantile(0.5, READ, by=("operation",)), "{{operation}}, p50"),
                    Query(promql.quantile(0.99, READ, by=("operation",)), "{{operation}}, p99")],
                   log=True),
        against_limit("Reads that wait for a thread", "short", "Overload",
                      "At the limit lists are refused with 503.",
                      "comments_store_read_queue_depth{}", "comments_store_read_queue_capacity{}"),
        timeseries("Store errors", "ops", "StoreErrors",
                   "unavailable: not reached; overloaded: a queue was full; internal: a fault, whose"
                   " cause the log says.",
                   [Query(f"sum by (operation, kind) (rate(comments_store_errors_total{{}}[{RATE}]))",
                          "{{operation}}: {{kind}}")],
                   stacked=True),
        timeseries("Can it write and read?", "percentunit", "WritesUnavailable",
                   "The share of instances whose store takes posts, and gives lists.",
                   [Query("avg(comments_writes_available{})", "writes"),
                    Query("avg(comments_reads_available{})", "reads"),
                    Query("avg(comments_ready{})", "ready")],
                   top=1),
        heatmap("How long commits took", "s", "CommitSlow",
                "A second band above the first: a disk that stalls, or a failover.",
                Query(f"sum by (le) (increase(comments_store_commit_duration_seconds_bucket{{}}[{RATE}]))",
                      "{{le}}"),
                width=8),
    ]


def memory_and_connections():
    return [
        row("Memory and connections"),
        against_limit("Memory of long answers", "bytes", "MemoryHigh",
                      "Held for readers slower than the answer is long. At the limit the slowest are told"
                      " 503.",
                      "http_server_answers_bytes{}", "http_server_answers_max_bytes{}"),
        against_limit("Cache of encoded lists", "bytes", "MemoryHigh",
                      "Full is normal: it forgets what was asked for longest ago.",
                      "http_server_cache_bytes{}", "http_server_cache_max_bytes{}"),
        against_limit("Connections", "short", "Overload",
                      "Open ones, streams included. At the limit new ones are turned away.",
                      "http_server_open_connections{}", "http_server_max_connections{}"),
        timeseries("Connections accepted", "cps", "Overload",
                   "Many for few requests: clients, or a proxy, that keep none alive.",
                   [Query(f"sum by (instance) (rate(http_server_connections_total{{}}[{RATE}]))",
                          "{{instance}}")]),
        timeseries("Memory", "bytes", "MemoryHigh",
                   "Resident. It grows with connections, lists in the cache and SQLite's page cache, and"
                   " then stays.",
                   [Query("sum by (instance) (process_resident_memory_bytes{})", "{{instance}}")]),
        timeseries("Virtual memory", "bytes", "MemoryHigh",
                   "Address space: threads' stacks and mapped files. Only its growth means something.",
                   [Query("sum by (instance) (process_virtual_memory_bytes{})", "{{instance}}")]),
    ]


def process():
    return [
        row("Process"),
        timeseries("CPU", "short", "Overload",
                   "Seconds of CPU a second: 1 is one core.",
                   [Query(f"sum by (instance) (rate(process_cpu_seconds_total{{}}[{RATE}]))",
                          "{{instance}}")]),
        timeseries("Threads", "short", "MemoryHigh",
                   "Fixed after the start: reactors, workers, a writer. Growth is a fault.",
                   [Query("sum by (instance) (process_threads{})", "{{instance}}")]),
        against_limit("File descriptors", "short", "FileDescriptorsHigh",
                      "One a connection, and a few files.",
                      "process_open_fds{}", "process_max_fds{}",
                      log=True),
        timeseries("Restarts", "short", "Restarts",
                   "Starts of the same instance in the last hour. On Cloud Run a new process is a new"
                   " instance: see its age.",
                   [Query("sum by (instance) (changes(process_start_time_seconds{}[1h]))", "{{instance}}")],
                   width=6),
        timeseries("Age", "s", "Restarts",
                   "Since each process was started.",
                   [Query("time() - min by (instance) (process_start_time_seconds{})", "{{instance}}")],
                   width=6),
        timeseries("Log lines", "cps", "ErrorLogs",
                   "By severity. An error line says what failed, and for which request.",
                   [Query(f"sum by (severity) (rate(log_messages_total{{}}[{RATE}]))", "{{severity}}")],
                   width=6, stacked=True, colours=SEVERITY_COLOURS),
        timeseries("Log lines dropped", "cps", "LogLinesDropped",
                   "Whoever reads the log is slower than it is written. Errors are dropped last.",
                   [Query(f"sum by (severity) (rate(log_messages_dropped_total{{}}[{RATE}]))",
                          "{{severity}}")],
                   width=6, stacked=True, colours=SEVERITY_COLOURS),
    ]


def board(_slo):
    return Board(
        "comments-store", "Comments / 3 Store and runtime",
        "Use, saturation and errors of what it stands on.",
        (variables.METRICS, variables.JOB, variables.INSTANCE),
        [*store(), *memory_and_connections(), *process()])
