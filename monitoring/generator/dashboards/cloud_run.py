"""4 Cloud Run: what Google itself measures, before and around the service.

Names as Cloud Monitoring's PromQL has them: the first / becomes :, every other special character _
(https://cloud.google.com/monitoring/promql/promql-mapping). What several kinds of resource have is
ambiguous there, and refused, without monitored_resource.
"""

from . import promql, variables
from .board import Board
from .panel import GREEN, RED, STATUS_COLOURS, YELLOW, Query, heatmap, row, stat, timeseries
from .promql import RATE

CLOUD_RUN = 'monitored_resource="cloud_run_revision", project_id=~"$project", service_name=~"$service"'
CLOUD_SQL = 'monitored_resource="cloudsql_database", project_id=~"$project"'

SAMPLED = "1m"  # by Google; shown up to 3 minutes later
REQUESTS = "run_googleapis_com:request_count"
FULL = ((GREEN, None), (YELLOW, 0.7), (RED, 0.9))


def run(expr, legend):
    return Query(expr, legend, CLOUD_RUN, interval=SAMPLED)


def sql(expr, legend="{{database_id}}"):
    return Query(expr, legend, CLOUD_SQL, interval=SAMPLED)


def quantiles(metric, *qs):
    return [run(promql.quantile(q, f"run_googleapis_com:{metric}{{}}"), f"p{q * 100:g}") for q in qs]


def service():
    failed = f'sum(rate({REQUESTS}{{response_code_class="5xx"}}[{RATE}]))'
    return [
        row("Service"),
        stat("Requests", "reqps", "Overload",
             "As Google's front end counts them: with health checks and streams, and with those that no"
             " instance could take.",
             run(f"sum(rate({REQUESTS}{{}}[{RATE}]))", "requests"),
             graph=True),
        stat("Errors", "percentunit", "AvailabilityBurn",
             "5xx of all requests. More than the service counts itself: requests that found no instance.",
             run(f"{failed} / (sum(rate({REQUESTS}{{}}[{RATE}])) > 0)", "errors"),
             graph=True, decimals=2, none="no errors"),
        stat("Instances", "short", "InstancesNearMax",
             "Active ones, over all revisions.",
             run('sum(run_googleapis_com:container_instance_count{state="active"})', "active"),
             graph=True, none="none"),
        stat("Instances billed", "short", "BillingSurge",
             "Billed instance time, in instances: 1 is one instance around the clock.",
             run(f"sum(rate(run_googleapis_com:container_billable_instance_time{{}}[{RATE}]))", "billed"),
             graph=True, decimals=1, none="none"),
        stat("p99", "ms", "LatencyBurn",
             "Google's own clock: with the way through its front end, in milliseconds.",
             quantiles("request_latencies", 0.99)[0],
             graph=True, none="no requests"),
        stat("Probes failed, 1 h", "short", "ProbeFailures",
             "Startup and liveness probes. Each failed liveness probe ends an instance.",
             run('sum(increase(run_googleapis_com:container_completed_probe_count{is_healthy="false"}[1h]))',
                 "failed"),
             thresholds=((GREEN, None), (RED, 1)), none="none"),
        timeseries("Requests by class", "reqps", "AvailabilityBurn",
                   "As the front end answered them.",
                   [run(f"sum by (response_code_class) (rate({REQUESTS}{{}}[{RATE}]))",
                        "{{response_code_class}}")],
                   stacked=True, colours=STATUS_COLOURS),
        timeseries("Requests by revision", "reqps", "Overload",
                   "A canary's share; the old one's end.",
                   [run(f"sum by (revision_name) (rate({REQUESTS}{{}}[{RATE}]))", "{{revision_name}}")],
                   stacked=True),
        timeseries("Errors by revision", "reqps", "AvailabilityBurn",
                   "5xx of each revision. One alone: roll it back.",
                   [run(f'sum by (revision_name) (rate({REQUESTS}{{response_code_class="5xx"}}[{RATE}]))',
                        "{{revision_name}}")]),
        timeseries("Duration", "ms", "LatencyBurn",
                   "Of the whole request, in milliseconds; a stream counts with all its minutes.",
                   quantiles("request_latencies", 0.5, 0.95, 0.99),
                   log=True),
        heatmap("How long requests took", "ms", "LatencyBurn",
                "Google's buckets, in milliseconds.",
                run(f"sum by (le) (increase(run_googleapis_com:request_latencies_bucket{{}}[{RATE}]))",
                    "{{le}}"),
                width=8),
        timeseries("Network", "Bps", "Overload",
                   "Of the containers, by kind: internet, or private (the database).",
                   [run("sum by (kind)"
                        f" (rate(run_googleapis_com:container_network_received_bytes_count{{}}[{RATE}]))",
                        "in, {{kind}}"),
                    run("sum by (kind)"
                        f" (rate(run_googleapis_com:container_network_sent_bytes_count{{}}[{RATE}]))",
                        "out, {{kind}}")]),
    ]


def instances():
    return [
        row("What runs"),
        timeseries("Instances by state", "short", "InstancesNearMax",
                   "idle ones are kept warm and cost less. Near the service's maximum, requests wait,"
                   " then are answered 429.",
                   [run("sum by (state) (run_googleapis_com:container_instance_count{})", "{{state}}")],
                   stacked=True),
        timeseries("Requests at once on one instance", "short", "InstancesNearMax",
                   "The most of each minute. Near the service's concurrency, Cloud Run starts more"
                   " instances.",
                   quantiles("container_max_request_concurrencies", 0.5, 0.99)),
        timeseries("Start of an instance", "ms", "ProbeFailures",
                   "Until its startup probe passes: what the first reader waits for, in milliseconds.",
                   quantiles("container_startup_latencies", 0.5, 0.99)),
        timeseries("CPU", "percentunit", "Overload",
                   "Of each container's allocation.",
                   quantiles("container_cpu_utilizations", 0.5, 0.99),
                   thresholds=FULL, top=1),
        timeseries("Memory", "percentunit", "MemoryHigh",
                   "Of each container's limit; at 100 % it is ended.",
                   quantiles("container_memory_utilizations", 0.5, 0.99),
                   thresholds=FULL, top=1),
        timeseries("Instance time billed", "short", "BillingSurge",
                   "By revision, in instances. A surge without requests: a minimum of instances, or a"
                   " loop of restarts.",
                   [run("sum by (revision_name)"
                        f" (rate(run_googleapis_com:container_billable_instance_time{{}}[{RATE}]))",
                        "{{revision_name}}")],
                   stacked=True),
        timeseries("Probes failed", "short", "ProbeFailures",
                   "By kind. startup: a revision that does not become ready; liveness: one that hangs.",
                   [run("sum by (probe_type) (increase("
                        f'run_googleapis_com:container_completed_probe_count{{is_healthy="false"}}[{RATE}]))',
                        "{{probe_type}}")],
                   width=24, bars=True, height=6),
    ]


def database():
    return [
        row("Cloud SQL, where PostgreSQL is the store"),
        timeseries("Database up", "short", "WritesUnavailable",
                   "1: the server takes connections.",
                   [sql("min by (database_id) (cloudsql_googleapis_com:database_up{})")],
                   top=1, width=6),
        timeseries("Database CPU", "percentunit", "CommitSlow",
                   "Of all its cores together.",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_cpu_utilization{})")],
                   thresholds=FULL, top=1, width=6),
        timeseries("Database memory", "percentunit", "MemoryHigh",
                   "Of what the machine has; PostgreSQL uses the rest as cache.",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_memory_utilization{})")],
                   thresholds=FULL, top=1, width=6),
        timeseries("Database disk", "percentunit", "StoreErrors",
                   "Of its quota. Full, it stops.",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_disk_utilization{})")],
                   thresholds=FULL, top=1, width=6),
        timeseries("Database connections", "short", "StoreErrors",
                   "Each instance of the service keeps a small pool.",
                   [sql("sum by (database_id)"
                        " (cloudsql_googleapis_com:database_postgresql_num_backends{})")],
                   width=12),
        timeseries("Transactions", "ops", "CommitSlow",
                   "One commit takes many posts: fewer of these than posts is as it should be.",
                   [sql("sum by (database_id, transaction_type)"
                        f" (rate(cloudsql_googleapis_com:database_postgresql_transaction_count{{}}[{RATE}]))",
                        "{{database_id}}, {{transaction_type}}")],
                   width=12),
    ]


def board(_slo):
    return Board(
        "comments-cloud-run", "Comments / 4 Cloud Run",
        "What Google measures of the service, its instances and its database.",
        (variables.METRICS, variables.PROJECT, variables.SERVICE),
        [*service(), *instances(), *database()], since="now-6h", deployments=False)
