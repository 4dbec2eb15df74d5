"""5 Deployments and logs: is the new revision as good as the old one, and what do they say?"""

from . import promql, variables
from .board import Board
from .panel import GREEN, RED, SEVERITY_COLOURS, Query, logs, row, table, timeseries
from .promql import RATE

DURATION = "http_server_request_duration_seconds"
OWN_LINES = 'resource.type="cloud_run_revision"\nresource.labels.service_name="$service"\n'


def revisions(slo):
    return [
        row("Revisions side by side"),
        table("Canary", "AvailabilityBurn",
              "The last 5 minutes of each revision. A canary worse than the old revision in errors or p99"
              " is rolled back.",
              [Query(promql.requests_by_revision("5m"), "{{revision_name}}"),
               Query(promql.error_ratio_by_revision("5m"), "{{revision_name}}"),
               Query(promql.quantile_by_revision(0.99, DURATION, "5m"), "{{revision_name}}"),
               Query("count by (revision_name) (comments_build_info{})", "{{revision_name}}")],
              width=12,
              columns={"revision_name": "Revision", "Value #A": "Requests", "Value #B": "Errors",
                       "Value #C": "p99", "Value #D": "Instances"},
              units={"Requests": "reqps", "Errors": "percentunit", "p99": "s"}),
        table("Builds", "CommentsDown",
              "What runs now, and where.",
              [Query("count by (instance, version, revision_name, commit) (comments_build_info{})",
                     "{{instance}}")],
              width=12,
              columns={"instance": "Instance", "version": "Version", "revision_name": "Revision",
                       "commit": "Commit"}),
        timeseries("Error ratio by revision", "percentunit", "AvailabilityBurn",
                   "The line is what the objective allows.",
                   [Query(promql.error_ratio_by_revision(), "{{revision_name}}")],
                   thresholds=((GREEN, None), (RED, promql.allowed(slo.availability_objective)))),
        timeseries("p99 by revision", "s", "LatencyBurn",
                   "A fresh revision starts with an empty cache: give it a minute.",
                   [Query(promql.quantile_by_revision(0.99, DURATION), "{{revision_name}}")],
                   thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        timeseries("Share of requests by revision", "percentunit", "Overload",
                   "As the traffic is split.",
                   [Query(f"{promql.requests_by_revision()} / on () group_left () ({promql.requests()} >"
                          " 0)", "{{revision_name}}")],
                   stacked=True, top=1),
        timeseries("Restarts by revision", "short", "Restarts",
                   "Starts of the same instance in the last hour.",
                   [Query(promql.by_revision("changes(process_start_time_seconds{}[1h])"),
                          "{{revision_name}}")]),
        timeseries("Instances by revision", "short", "CommentsDown",
                   "The old ones end once the new ones are ready.",
                   [Query("count by (revision_name) (comments_build_info{})", "{{revision_name}}")],
                   stacked=True),
        timeseries("Commits by revision", "s", "CommitSlow",
                   "p99 of the store's transactions: a migration that locks shows here.",
                   [Query(promql.quantile_by_revision(0.99, "comments_store_commit_duration_seconds"),
                          "{{revision_name}}")]),
    ]


def lines():
    return [
        row("Logs"),
        timeseries("Log lines", "cps", "ErrorLogs",
                   "By severity, of all instances.",
                   [Query(f"sum by (severity) (rate(log_messages_total{{}}[{RATE}]))", "{{severity}}")],
                   stacked=True, colours=SEVERITY_COLOURS),
        timeseries("Error lines by revision", "cps", "ErrorLogs",
                   "Whose errors are they?",
                   [Query(promql.by_revision(f'rate(log_messages_total{{severity="error"}}[{RATE}])'),
                          "{{revision_name}}")]),
        timeseries("Log lines dropped", "cps", "LogLinesDropped",
                   "Lines that are missing below.",
                   [Query(f"sum by (severity) (rate(log_messages_dropped_total{{}}[{RATE}]))",
                          "{{severity}}")],
                   stacked=True, colours=SEVERITY_COLOURS),
        logs("Lines of the severity chosen above, or worse", "ErrorLogs",
             "Google Cloud Logging. A line opens to its fields; its trace, put into the field above,"
             " shows the whole request in the next panel.",
             OWN_LINES + 'severity>="$severity"'),
        logs("Lines of one trace", "ErrorLogs",
             "All lines that carry the trace chosen above; while none is, those of all traces.",
             OWN_LINES + 'trace:"$trace"'),
        logs("Errors", "ErrorLogs",
             "Errors only, whatever is chosen above.",
             OWN_LINES + "severity>=ERROR",
             height=8),
    ]


def board(slo):
    return Board(
        "comments-deployments", "Comments / 5 Deployments and logs",
        "Is the new revision as good as the old one, and what do they say?",
        (variables.METRICS, variables.JOB, variables.INSTANCE, variables.LOGS, variables.PROJECT,
         variables.SERVICE, variables.SEVERITY, variables.TRACE),
        [*revisions(slo), *lines()])
