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
        stat("Ready", "short", "CommentsNotReady",
             "Instances that take requests, of those that are scraped. Red: none does.",
             Query("sum(comments_ready{})", "ready"),
             thresholds=GOOD_AT_ONE, none="none"),
        stat("Reads", "short", "CommentsNotReady",
             "Can every ready instance read from the store?",
             Query("min(comments_reads_available{})", "reads"),
             thresholds=GOOD_AT_ONE, words={0: ("failing", RED), 1: ("available", GREEN)},
             none="no instance"),
        stat("Writes", "short", "WritesUnavailable",
             "Can every instance write to the store? Where not, posts are answered 503 and reading goes"
             " on.",
             Query("min(comments_writes_available{})", "writes"),
             thresholds=GOOD_AT_ONE, words={0: ("failing", RED), 1: ("available", GREEN)},
             none="no instance"),
        stat("Availability, last 5 min", "percentunit", "AvailabilityBurn",
             "Requests that did not fail by our fault (5xx, or closed before a route was reached), of"
             f" all. The objective is {slo.availability_objective:.3%}.",
             Query(f"1 - {promql.error_ratio('5m')}", "availability"),
             thresholds=share(slo.availability_objective), decimals=3, none=NO_REQUESTS),
        stat("Fast enough, last 5 min", "percentunit", "LatencyBurn",
             f"Answers within the latency objective's threshold of {slo.latency_threshold:g} s, of those"
             f" that did not fail. The objective is {slo.latency_objective:.2%}.",
             Query(f"1 - ({promql.slow_ratio(slo, '5m')})", "fast enough"),
             thresholds=share(slo.latency_objective), decimals=2, none=NO_REQUESTS),
        stat("Alerts firing", "short", "Watchdog",
             "Without the watchdog, which always fires. From Prometheus' own rules: on Google Cloud the"
             " alerts are in Cloud Monitoring, and this stays empty.",
             Query(f"count({FIRING})", "firing", promql.EVERYTHING),
             thresholds=BAD_AT_ONE, none="none"),
        stat("Requests", "reqps", "Overload",
             "Answered, and closed before a route was reached; without streams and health checks.",
             Query(promql.requests(), "requests"),
             graph=True),
        stat("Errors", "percentunit", "AvailabilityBurn",
             "Requests that failed by our fault, of all.",
             Query(promql.error_ratio(), "errors"),
             graph=True, decimals=2, none=NO_REQUESTS,
             thresholds=((GREEN, None), (RED, promql.allowed(slo.availability_objective)))),
        stat("Median", "s", "LatencyBurn",
             "Half of all answers took no longer.",
             Query(promql.quantile(0.5, "http_server_request_duration_seconds{}"), "p50"),
             graph=True, none=NO_REQUESTS, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        stat("p99", "s", "LatencyBurn",
             "99 of 100 answers took no longer. Red beyond the latency objective's threshold.",
             Query(promql.quantile(0.99, "http_server_request_duration_seconds{}"), "p99"),
             graph=True, none=NO_REQUESTS, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        stat("Followers", "short", "Overload",
             "Readers that follow a thread live.",
             Query("sum(comments_stream_followers{})", "followers"),
             graph=True),
        stat("Instances up", "short", "CommentsDown",
             "Targets that Prometheus could scrape last time.",
             Query("sum(up{})", "up"),
             graph=True, thresholds=GOOD_AT_ONE, none="none"),
    ]


def objectives(slo):
    availability, latency = promql.error_ratio, lambda window: promql.slow_ratio(slo, window)
    allowed = promql.allowed(slo.availability_objective)
    burns = [Query(promql.burn(ratio(window), objective), f"{name}, {window}")
             for name, ratio, objective in (("availability", availability, slo.availability_objective),
                                            ("latency", latency, slo.latency_objective))
             for window in ("1h", "6h", "3d")]
    return [
        row("Objectives"),
        stat("Availability, 30 days", "percentunit", "AvailabilityBurn",
             f"The objective: {slo.availability_objective:.3%} of requests do not fail by our fault.",
             Query(f"1 - {availability(MONTH)}", "availability"),
             decimals=3, thresholds=share(slo.availability_objective), none=NO_REQUESTS),
        stat("Error budget left", "percentunit", "AvailabilityBurn",
             f"Of the {allowed:.2%} of requests in 30 days that may fail. At 0 releases wait until it has"
             " recovered.",
             Query(budget_left(availability(MONTH), slo.availability_objective), "left"),
             decimals=1, thresholds=((RED, None), (YELLOW, 0), (GREEN, 0.25)), none=NO_REQUESTS),
        stat("Fast enough, 30 days", "percentunit", "LatencyBurn",
             f"The objective: {slo.latency_objective:.2%} of answers within {slo.latency_threshold:g} s.",
             Query(f"1 - ({latency(MONTH)})", "fast enough"),
             decimals=2, thresholds=share(slo.latency_objective), none=NO_REQUESTS),
        stat("Latency budget left", "percentunit", "LatencyBurn",
             f"Of the {1 - slo.latency_objective:.2%} of answers in 30 days that may be slow.",
             Query(budget_left(latency(MONTH), slo.latency_objective), "left"),
             decimals=1, thresholds=((RED, None), (YELLOW, 0), (GREEN, 0.25)), none=NO_REQUESTS),
        stat("Availability burn, 1 h", "none", "AvailabilityBurn",
             "How many times faster than allowed the error budget goes: 1 uses it up in 30 days; from"
             f" {slo.fast_burn:g} somebody is called.",
             Query(promql.burn(availability("1h"), slo.availability_objective), "burn"),
             decimals=1, thresholds=burning(slo), none=NO_REQUESTS),
        stat("Latency burn, 1 h", "none", "LatencyBurn",
             "The same for the latency budget.",
             Query(promql.burn(latency("1h"), slo.latency_objective), "burn"),
             decimals=1, thresholds=burning(slo), none=NO_REQUESTS),
        timeseries("Burn rates", "none", "AvailabilityBurn",
                   "Over 1 hour, 6 hours and 3 days. A short peak lifts only the 1 hour; what lifts all"
                   " three costs the objective.",
                   burns,
                   width=24, height=7, thresholds=burning(slo)),
    ]


def causes(slo):
    failed = f"http_server_request_duration_seconds_count{{{promql.FAILED}}}"
    turned_away = f"http_server_rejected_total{{{promql.TURNED_AWAY}}}"
    return [
        row("Where, and since which release?"),
        timeseries("Errors by route", "reqps", "AvailabilityBurn",
                   "Failed requests (5xx, or a status that nobody expected) of each route. One route:"
                   " look at its code; all of them: at the store.",
                   [Query(f"sum by (http_route) (rate({failed}[{promql.RATE}]))", "{{http_route}}"),
                    Query(f"sum by (reason) (rate({turned_away}[{promql.RATE}]))",
                          "before a route: {{reason}}")]),
        timeseries("Error ratio by revision", "percentunit", "AvailabilityBurn",
                   "A new revision above the old one: roll back. All alike: not the release.",
                   [Query(promql.error_ratio_by_revision(), "{{revision_name}}")]),
        timeseries("p99 by revision", "s", "LatencyBurn",
                   "The line is the latency objective's threshold.",
                   [Query(promql.quantile_by_revision(0.99, "http_server_request_duration_seconds"),
                          "{{revision_name}}")],
                   thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        table("Alerts firing now", "Watchdog",
              "Each has a runbook of its name.",
              [Query(f"count by (alertname, severity) ({FIRING})", "{{alertname}}", promql.EVERYTHING)],
              columns={"alertname": "Alert", "severity": "Severity", "Value": "Times"}),
        table("Versions running", "CommentsDown",
              "How many instances run which version. Two for a while: a rollout or a canary.",
              [Query("count by (version, commit, revision_name) (comments_build_info{})", "{{version}}")],
              columns={"version": "Version", "revision_name": "Revision", "commit": "Commit",
                       "Value": "Instances"}),
    ]


def board(slo):
    return Board(
        "comments-overview", "Comments / 1 Overview and objectives",
        "Are readers fine? If not, where, and since which release?",
        (variables.METRICS, variables.JOB, variables.INSTANCE),
        [*readers(slo), *objectives(slo), *causes(slo)])
