"""1 Overview: in ten seconds, are readers fine; if not, where, and since which release?"""

from . import promql, variables
from .board import Board
from .panel import (BAD_AT_ONE, GOOD_AT_ONE, GREEN, RED, YELLOW, Query, row, stat, table,
                    timeseries)

MONTH = "30d"
NO_REQUESTS = "no requests"
FIRING = 'ALERTS{alertstate="firing", alertname!="Watchdog"}'


def share(objective):
    """Of good requests: red where the objective is missed."""
    return ((RED, None), (GREEN, objective))


def burning(slo):
    return ((GREEN, None), (YELLOW, 1), (RED, slo.fast_burn))


def budget_left(ratio, objective):
    return f"1 - {promql.burn(ratio, objective)}"


def readers(slo):
    return [
        row("Are readers fine?"),
        stat("Ready", "Instances that take requests, of those that are scraped. Red: none does.", "short",
             Query("sum(comments_ready{})", "ready"), "CommentsNotReady", thresholds=GOOD_AT_ONE, none="none"),
        stat("Reads", "Can every ready instance read from the store?", "short",
             Query("min(comments_reads_available{})", "reads"), "CommentsNotReady", thresholds=GOOD_AT_ONE,
             words={0: ("failing", RED), 1: ("available", GREEN)}, none="no instance"),
        stat("Writes", "Can every instance write to the store? Where not, posts are answered 503 and reading"
             " goes on.", "short", Query("min(comments_writes_available{})", "writes"), "WritesUnavailable",
             thresholds=GOOD_AT_ONE, words={0: ("failing", RED), 1: ("available", GREEN)}, none="no instance"),
        stat("Availability, last 5 min", "Requests that did not fail by our fault (5xx, or closed before a route"
             f" was reached), of all. The objective is {slo.availability_objective:.3%}.", "percentunit",
             Query(f"1 - {promql.error_ratio('5m')}", "availability"), "AvailabilityBurn",
             thresholds=share(slo.availability_objective), decimals=3, none=NO_REQUESTS),
        stat("Fast enough, last 5 min", "Answers within the latency objective's threshold of"
             f" {slo.latency_threshold:g} s, of those that did not fail. The objective is"
             f" {slo.latency_objective:.2%}.", "percentunit",
             Query(f"1 - ({promql.slow_ratio(slo, '5m')})", "fast enough"), "LatencyBurn",
             thresholds=share(slo.latency_objective), decimals=2, none=NO_REQUESTS),
        stat("Alerts firing", "Without the watchdog, which always fires. From Prometheus' own rules: on Google"
             " Cloud the alerts are in Cloud Monitoring, and this stays empty.", "short",
             Query(f"count({FIRING})", "firing", promql.EVERYTHING), "Watchdog", thresholds=BAD_AT_ONE,
             none="none"),
        stat("Requests", "Answered, and closed before a route was reached; without streams and health checks.",
             "reqps", Query(promql.requests(), "requests"), "Overload", graph=True),
        stat("Errors", "Requests that failed by our fault, of all.", "percentunit",
             Query(promql.error_ratio(), "errors"), "AvailabilityBurn", graph=True, decimals=2,
             thresholds=((GREEN, None), (RED, 1 - slo.availability_objective)), none=NO_REQUESTS),
        stat("Median", "Half of all answers took no longer.", "s",
             Query(promql.quantile(0.5, "http_server_request_duration_seconds{}"), "p50"), "LatencyBurn",
             graph=True, none=NO_REQUESTS, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        stat("p99", "99 of 100 answers took no longer. Red beyond the latency objective's threshold.", "s",
             Query(promql.quantile(0.99, "http_server_request_duration_seconds{}"), "p99"), "LatencyBurn",
             graph=True, none=NO_REQUESTS, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        stat("Followers", "Readers that follow a thread live.", "short",
             Query("sum(comments_stream_followers{})", "followers"), "Overload", graph=True),
        stat("Instances up", "Targets that Prometheus could scrape last time.", "short",
             Query("sum(up{})", "up"), "CommentsDown", graph=True, thresholds=GOOD_AT_ONE, none="none"),
    ]


def objectives(slo):
    availability, latency = promql.error_ratio, lambda window: promql.slow_ratio(slo, window)
    allowed = 1 - slo.availability_objective
    burns = [Query(promql.burn(ratio(window), objective), f"{name}, {window}")
             for name, ratio, objective in (("availability", availability, slo.availability_objective),
                                            ("latency", latency, slo.latency_objective))
             for window in ("1h", "6h", "3d")]
    return [
        row("Objectives"),
        stat("Availability, 30 days", f"The objective: {slo.availability_objective:.3%} of requests do not fail"
             " by our fault.", "percentunit", Query(f"1 - {availability(MONTH)}", "availability"),
             "AvailabilityBurn", decimals=3, thresholds=share(slo.availability_objective), none=NO_REQUESTS),
        stat("Error budget left", f"Of the {allowed:.2%} of requests in 30 days that may fail. At 0 releases"
             " wait until it has recovered.", "percentunit",
             Query(budget_left(availability(MONTH), slo.availability_objective), "left"), "AvailabilityBurn",
             decimals=1, thresholds=((RED, None), (YELLOW, 0), (GREEN, 0.25)), none=NO_REQUESTS),
        stat("Fast enough, 30 days", f"The objective: {slo.latency_objective:.2%} of answers within"
             f" {slo.latency_threshold:g} s.", "percentunit", Query(f"1 - ({latency(MONTH)})", "fast enough"),
             "LatencyBurn", decimals=2, thresholds=share(slo.latency_objective), none=NO_REQUESTS),
        stat("Latency budget left", f"Of the {1 - slo.latency_objective:.2%} of answers in 30 days that may be"
             " slow.", "percentunit", Query(budget_left(latency(MONTH), slo.latency_objective), "left"),
             "LatencyBurn", decimals=1, thresholds=((RED, None), (YELLOW, 0), (GREEN, 0.25)), none=NO_REQUESTS),
        stat("Availability burn, 1 h", "How many times faster than allowed the error budget goes: 1 uses it up in"
             f" 30 days; from {slo.fast_burn:g} somebody is called.", "none",
             Query(promql.burn(availability("1h"), slo.availability_objective), "burn"), "AvailabilityBurn",
             decimals=1, thresholds=burning(slo), none=NO_REQUESTS),
        stat("Latency burn, 1 h", "The same for the latency budget.", "none",
             Query(promql.burn(latency("1h"), slo.latency_objective), "burn"), "LatencyBurn", decimals=1,
             thresholds=burning(slo), none=NO_REQUESTS),
        timeseries("Burn rates", "Over 1 hour, 6 hours and 3 days. A short peak lifts only the 1 hour; what lifts"
                   " all three costs the objective.", "none", burns, "AvailabilityBurn", width=24, height=7,
                   thresholds=burning(slo)),
    ]


def causes(slo):
    return [
        row("Where, and since which release?"),
        timeseries("Errors by route", "Failed requests (5xx, or a status that nobody expected) of each route. One"
                   " route: look at its code; all of them: at the store.", "reqps",
                   [Query(f"sum by (http_route) (rate(http_server_request_duration_seconds_count{{{promql.FAILED}}}"
                          f"[{promql.RATE}])) > 0", "{{http_route}}"),
                    Query(f"sum by (reason) (rate(http_server_rejected_total{{{promql.TURNED_AWAY}}}"
                          f"[{promql.RATE}])) > 0", "before a route: {{reason}}")], "AvailabilityBurn"),
        timeseries("Error ratio by revision", "A new revision above the old one: roll back. All alike: not the"
                   " release.", "percentunit",
                   [Query(promql.error_ratio_by_revision(), "{{revision_name}}")], "AvailabilityBurn"),
        timeseries("p99 by revision", "The line is the latency objective's threshold.", "s",
                   [Query(promql.quantile_by_revision(0.99, "http_server_request_duration_seconds"),
                          "{{revision_name}}")],
                   "LatencyBurn", thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        table("Alerts firing now", "Each has a runbook of its name.",
              [Query(f"count by (alertname, severity) ({FIRING})", "{{alertname}}", promql.EVERYTHING)], "Watchdog",
              columns={"alertname": "Alert", "severity": "Severity", "Value": "Times"}),
        table("Versions running", "How many instances run which version. Two for a while: a rollout or a canary.",
              [Query("count by (version, commit, revision_name) (comments_build_info{})", "{{version}}")],
              "CommentsDown", columns={"version": "Version", "revision_name": "Revision", "commit": "Commit",
                                       "Value": "Instances"}),
    ]


def board(slo):
    return Board(
        "comments-overview", "Comments / 1 Overview and objectives",
        "Are readers fine? If not, where, and since which release?",
        (variables.METRICS, variables.JOB, variables.INSTANCE),
        [*readers(slo), *objectives(slo), *causes(slo)])
