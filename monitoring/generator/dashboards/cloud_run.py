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
        stat("Requests", "As Google's front end counts them: with health checks and streams, and with those that no"
             " instance could take.", "reqps", run(f"sum(rate({REQUESTS}{{}}[{RATE}]))", "requests"), "Overload",
             graph=True),
        stat("Errors", "5xx of all requests. More than the service counts itself: requests that found no instance.",
             "percentunit", run(f"{failed} / (sum(rate({REQUESTS}{{}}[{RATE}])) > 0)", "errors"), "AvailabilityBurn",
             graph=True, decimals=2, none="no errors"),
        stat("Instances", "Active ones, over all revisions.", "short",
             run('sum(run_googleapis_com:container_instance_count{state="active"})', "active"), "InstancesNearMax",
             graph=True, none="none"),
        stat("Instances billed", "Billed instance time, in instances: 1 is one instance around the clock.", "short",
             run(f"sum(rate(run_googleapis_com:container_billable_instance_time{{}}[{RATE}]))", "billed"),
             "BillingSurge", graph=True, decimals=1, none="none"),
        stat("p99", "Google's own clock: with the way through its front end, in milliseconds.", "ms",
             quantiles("request_latencies", 0.99)[0], "LatencyBurn", graph=True, none="no requests"),
        stat("Probes failed, 1 h", "Startup and liveness probes. Each failed liveness probe ends an instance.",
             "short", run('sum(increase(run_googleapis_com:container_completed_probe_count{is_healthy="false"}[1h]))',
                          "failed"), "ProbeFailures", thresholds=((GREEN, None), (RED, 1)), none="none"),
        timeseries("Requests by class", "As the front end answered them.", "reqps",
                   [run(f"sum by (response_code_class) (rate({REQUESTS}{{}}[{RATE}]))", "{{response_code_class}}")],
                   "AvailabilityBurn", stacked=True, colours=STATUS_COLOURS),
        timeseries("Requests by revision", "A canary's share; the old one's end.", "reqps",
                   [run(f"sum by (revision_name) (rate({REQUESTS}{{}}[{RATE}]))", "{{revision_name}}")], "Overload",
                   stacked=True),
        timeseries("Errors by revision", "5xx of each revision. One alone: roll it back.", "reqps",
                   [run(f'sum by (revision_name) (rate({REQUESTS}{{response_code_class="5xx"}}[{RATE}]))',
                        "{{revision_name}}")], "AvailabilityBurn"),
        timeseries("Duration", "Of the whole request, in milliseconds; a stream counts with all its minutes.", "ms",
                   quantiles("request_latencies", 0.5, 0.95, 0.99), "LatencyBurn", log=True),
        heatmap("How long requests took", "Google's buckets, in milliseconds.", "ms",
                run(f"sum by (le) (increase(run_googleapis_com:request_latencies_bucket{{}}[{RATE}]))", "{{le}}"),
                "LatencyBurn", width=8),
        timeseries("Network", "Of the containers, by kind: internet, or private (the database).", "Bps",
                   [run(f"sum by (kind) (rate(run_googleapis_com:container_network_received_bytes_count{{}}[{RATE}]))",
                        "in, {{kind}}"),
                    run(f"sum by (kind) (rate(run_googleapis_com:container_network_sent_bytes_count{{}}[{RATE}]))",
                        "out, {{kind}}")], "Overload"),
    ]


def instances():
    return [
        row("Instances"),
        timeseries("Instances by state", "idle ones are kept warm and cost less. Near the service's maximum, requests"
                   " wait, then are answered 429.", "short",
                   [run("sum by (state) (run_googleapis_com:container_instance_count{})", "{{state}}")],
                   "InstancesNearMax", stacked=True),
        timeseries("Requests at once on one instance", "The most of each minute. Near the service's concurrency,"
                   " Cloud Run starts more instances.", "short",
                   quantiles("container_max_request_concurrencies", 0.5, 0.99), "InstancesNearMax"),
        timeseries("Start of an instance", "Until its startup probe passes: what the first reader waits for, in"
                   " milliseconds.", "ms", quantiles("container_startup_latencies", 0.5, 0.99), "ProbeFailures"),
        timeseries("CPU", "Of each container's allocation.", "percentunit",
                   quantiles("container_cpu_utilizations", 0.5, 0.99), "Overload", thresholds=FULL, top=1),
        timeseries("Memory", "Of each container's limit; at 100 % it is ended.", "percentunit",
                   quantiles("container_memory_utilizations", 0.5, 0.99), "MemoryHigh", thresholds=FULL, top=1),
        timeseries("Instance time billed", "By revision, in instances. A surge without requests: a minimum of"
                   " instances, or a loop of restarts.", "short",
                   [run("sum by (revision_name)"
                        f" (rate(run_googleapis_com:container_billable_instance_time{{}}[{RATE}]))",
                        "{{revision_name}}")], "BillingSurge", stacked=True),
        timeseries("Probes failed", "By kind. startup: a revision that does not become ready; liveness: one that"
                   " hangs.", "short",
                   [run("sum by (probe_type) (increase("
                        f'run_googleapis_com:container_completed_probe_count{{is_healthy="false"}}[{RATE}]))',
                        "{{probe_type}}")], "ProbeFailures", width=24, bars=True, height=6),
    ]


def database():
    return [
        row("Cloud SQL, where PostgreSQL is the store"),
        timeseries("Database up", "1: the server takes connections.", "short",
                   [sql("min by (database_id) (cloudsql_googleapis_com:database_up{})")], "WritesUnavailable", top=1,
                   width=6),
        timeseries("Database CPU", "Of all its cores.", "percentunit",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_cpu_utilization{})")], "CommitSlow",
                   thresholds=FULL, top=1, width=6),
        timeseries("Database memory", "Of what the machine has; PostgreSQL uses the rest as cache.", "percentunit",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_memory_utilization{})")],
                   "MemoryHigh", thresholds=FULL, top=1, width=6),
        timeseries("Database disk", "Of its quota. Full, it stops.", "percentunit",
                   [sql("max by (database_id) (cloudsql_googleapis_com:database_disk_utilization{})")], "StoreErrors",
                   thresholds=FULL, top=1, width=6),
        timeseries("Database connections", "Each instance of the service keeps a small pool.", "short",
                   [sql("sum by (database_id) (cloudsql_googleapis_com:database_postgresql_num_backends{})")],
                   "StoreErrors", width=12),
        timeseries("Transactions", "One commit takes many posts: fewer of these than posts is as it should be.", "ops",
                   [sql("sum by (database_id, transaction_type)"
                        f" (rate(cloudsql_googleapis_com:database_postgresql_transaction_count{{}}[{RATE}]))",
                        "{{database_id}}, {{transaction_type}}")], "CommitSlow", width=12),
    ]


def board(_slo):
    return Board(
        "comments-cloud-run", "Comments / 4 Cloud Run",
        "What Google measures of the service, its instances and its database.",
        (variables.METRICS, variables.PROJECT, variables.SERVICE),
        [*service(), *instances(), *database()], since="now-6h", deployments=False)
