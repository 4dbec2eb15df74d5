"""2 API: rate, errors and duration of every route, and what readers and writers do with it."""

from . import promql, variables
from .board import Board
from .panel import GREEN, RED, STATUS_COLOURS, Query, heatmap, row, timeseries
from .promql import RATE

DURATION = "http_server_request_duration_seconds"


def rates():
    return [
        row("Rate and errors"),
        timeseries("Requests by route", "reqps", "Overload",
                   "The pattern of the path, not the path: threads are not told apart.",
                   [Query(f"sum by (http_request_method, http_route) (rate({DURATION}_count{{}}[{RATE}]))",
                          "{{http_request_method}} {{http_route}}")],
                   stacked=True),
        timeseries("Answers by status", "reqps", "AvailabilityBurn",
                   "304: a reader who had it already. 4xx: the caller's mistake. 5xx and _OTHER: ours.",
                   [Query(f"sum by (http_response_status_code) (rate({DURATION}_count{{}}[{RATE}]))",
                          "{{http_response_status_code}}")],
                   stacked=True, colours=STATUS_COLOURS),
        timeseries("Error ratio by route", "percentunit", "AvailabilityBurn",
                   "Failed requests of each route's own. Nothing is drawn for a route that nobody asks.",
                   [Query(f"sum by (http_route) (rate({DURATION}_count{{{promql.FAILED}}}[{RATE}])) /"
                          f" (sum by (http_route) (rate({DURATION}_count{{}}[{RATE}])) > 0)",
                          "{{http_route}}")]),
        timeseries("Turned away before a route, by reason", "reqps", "RejectedSpike",
                   "connections and internal are our failures and count against availability; the others"
                   " are what clients, scanners and attackers send.",
                   [Query(f"sum by (reason) (rate(http_server_rejected_total{{}}[{RATE}]))", "{{reason}}")],
                   stacked=True),
        timeseries("Requests waiting for their answer", "short", "Overload",
                   "Begun and not yet answered, on each instance. What grows without end is stuck behind"
                   " the store.",
                   [Query("sum by (instance) (http_server_active_requests{})", "{{instance}}")]),
        timeseries("Lists answered from memory", "percentunit", "LatencyBurn",
                   "Hits of all looks into the cache of encoded lists. Low after a start, and where every"
                   " thread is written to all the time.",
                   [Query(f"sum(rate(http_server_cache_hits_total{{}}[{RATE}])) /"
                          f" (sum(rate(http_server_cache_hits_total{{}}[{RATE}])) +"
                          f" sum(rate(http_server_cache_misses_total{{}}[{RATE}])) > 0)", "hits")],
                   top=1),
    ]


def durations(slo):
    return [
        row("How long it takes"),
        timeseries("Duration", "s", "LatencyBurn",
                   "From the complete request to the last byte handed to the socket; the dots are"
                   " exemplars, which lead to a trace. The line is the latency objective's threshold.",
                   [Query(promql.quantile(q, f"{DURATION}{{}}"), f"p{q * 100:g}", exemplars=q == 0.99)
                    for q in (0.5, 0.9, 0.99)],
                   log=True, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        timeseries("p99 by route", "s", "LatencyBurn",
                   "Posts wait for the disk, or for the database's commit; lists do not.",
                   [Query(promql.quantile(0.99, f"{DURATION}{{}}", by=("http_route",)), "{{http_route}}")],
                   log=True, thresholds=((GREEN, None), (RED, slo.latency_threshold))),
        timeseries("Too slow", "percentunit", "LatencyBurn",
                   "Answers beyond the latency objective's threshold, of those that did not fail. The"
                   " line is what the objective allows.",
                   [Query(promql.slow_ratio(slo), "too slow")],
                   thresholds=((GREEN, None), (RED, promql.allowed(slo.latency_objective)))),
        heatmap("How long answers took", "s", "LatencyBurn",
                "Two bands: lists from memory, and posts or lists from the store. A new band above them"
                " is a stall.",
                Query(f"sum by (le) (increase({DURATION}_bucket{{}}[{RATE}]))", "{{le}}", exemplars=True),
                width=12),
        timeseries("Bytes in and out", "Bps", "Overload",
                   "Bodies only, as sent: compressed where the client takes it.",
                   [Query(f"sum(rate(http_server_request_body_bytes_total{{}}[{RATE}]))", "in"),
                    Query(f"sum(rate(http_server_response_body_bytes_total{{}}[{RATE}]))", "out")],
                   width=12),
    ]


def posts_and_streams():
    return [
        row("Posts and streams"),
        timeseries("Posts", "wps", "StoreErrors",
                   "Replayed: the same post again, by its Idempotency-Key; nothing new was stored.",
                   [Query(f"sum(rate(comments_created_total{{}}[{RATE}]))", "created"),
                    Query(f"sum(rate(comments_replayed_total{{}}[{RATE}]))", "replayed")]),
        timeseries("Posts refused, by reason", "wps", "WritesUnavailable",
                   "overloaded, unavailable and internal are ours; the others the client's.",
                   [Query(f"sum by (reason) (rate(comments_rejected_total{{}}[{RATE}]))", "{{reason}}")],
                   stacked=True),
        timeseries("Followers", "short", "Overload",
                   "Open streams on each instance. All of them move at once when an instance ends.",
                   [Query("sum by (instance) (comments_stream_followers{})", "{{instance}}")],
                   stacked=True),
        timeseries("Streams begun, by status", "reqps", "Overload",
                   "503: as many followers as are allowed.",
                   [Query("sum by (http_response_status_code)"
                          f" (rate(comments_stream_requests_total{{}}[{RATE}]))",
                          "{{http_response_status_code}}")],
                   stacked=True, colours=STATUS_COLOURS),
        timeseries("Comments published to feeds", "ops", "Overload",
                   "Each counted once, however many follow it.",
                   [Query(f"sum(rate(comments_stream_events_total{{}}[{RATE}]))", "events")]),
        timeseries("How long streams last", "s", "Overload",
                   "Of those that ended. In no latency objective: a long one is a good one.",
                   [Query(promql.quantile(q, "comments_stream_duration_seconds{}"), f"p{q * 100:g}")
                    for q in (0.5, 0.9)]),
    ]


def board(slo):
    return Board(
        "comments-api", "Comments / 2 API", "Rate, errors and duration of each route; posts; streams.",
        (variables.METRICS, variables.JOB, variables.INSTANCE),
        [*rates(), *durations(slo), *posts_and_streams()])
