"""The expressions that several dashboards share: what is counted as a request, as an error, as slow.

An expression is written without its scope: `up{}` and `up{job="a"}`; `scoped` puts the scope's label
matchers into every selector. All of it is plain PromQL, without recording rules, so that it also runs
on Google's Managed Service for Prometheus, which has none on Cloud Run.
"""

import re

OURS = 'job=~"$job", instance=~"$instance"'
EVERYTHING = ""

RATE = "$__rate_interval"
STATUS = "http_response_status_code"
FAILED = f'{STATUS}=~"5..|_OTHER"'
ANSWERED = f'{STATUS}!~"5..|_OTHER"'
TURNED_AWAY = 'reason=~"connections|internal"'  # by us, before a route was reached: failures too


def scoped(expr, scope):
    """The expression with the scope's matchers in every selector; each one needs its braces."""
    if not scope:
        return expr.replace("{}", "")
    return re.sub(r"\{(\}?)", lambda at: "{" + scope + ("}" if at[1] else ", "), expr)


def requests(window=RATE):
    return (f"(sum(rate(http_server_request_duration_seconds_count{{}}[{window}]))"
            f" + sum(rate(http_server_rejected_total{{{TURNED_AWAY}}}[{window}])))")


def errors(window=RATE):
    return (f"(sum(rate(http_server_request_duration_seconds_count{{{FAILED}}}[{window}]))"
            f" + sum(rate(http_server_rejected_total{{{TURNED_AWAY}}}[{window}])))")


def error_ratio(window=RATE):
    """Of all requests; nothing where there was none."""
    return f"{errors(window)} / ({requests(window)} > 0)"


def slow_ratio(slo, window=RATE):
    """Of the requests that did not fail, those over the latency objective's threshold."""
    within = f'le="{slo.latency_threshold:g}", {ANSWERED}'
    return (f"1 - sum(rate(http_server_request_duration_seconds_bucket{{{within}}}[{window}]))"
            f" / (sum(rate(http_server_request_duration_seconds_count{{{ANSWERED}}}[{window}])) > 0)")


def allowed(objective):
    """The share that may miss the objective."""
    return round(1 - objective, 9)


def burn(ratio, objective):
    """How many times faster than allowed the error budget goes."""
    return f"({ratio}) / {allowed(objective):g}"


def quantile(q, histogram, by=(), window=RATE):
    """Of a histogram's name, with matchers in braces where wanted: quantile(0.99, "x_seconds{}")."""
    name, matchers = histogram.split("{")
    labels = ", ".join(("le", *by))
    return f"histogram_quantile({q}, sum by ({labels}) (rate({name}_bucket{{{matchers}[{window}])))"


def mean(histogram, window=RATE):
    name, matchers = histogram.split("{")
    return (f"sum(rate({name}_sum{{{matchers}[{window}]))"
            f" / (sum(rate({name}_count{{{matchers}[{window}])) > 0)")


WITH_REVISION = "* on (instance, job) group_left (revision_name) comments_build_info{}"


def by_revision(series):
    return f"sum by (revision_name) ({series} {WITH_REVISION})"


def requests_by_revision(window=RATE):
    return ("(" + by_revision(f"rate(http_server_request_duration_seconds_count{{}}[{window}])") + " + "
            + by_revision(f"rate(http_server_rejected_total{{{TURNED_AWAY}}}[{window}])")
            + ")")


def error_ratio_by_revision(window=RATE):
    failed = by_revision(f"rate(http_server_request_duration_seconds_count{{{FAILED}}}[{window}])")
    turned_away = by_revision(f"rate(http_server_rejected_total{{{TURNED_AWAY}}}[{window}])")
    return f"({failed} + {turned_away}) / ({requests_by_revision(window)} > 0)"


def quantile_by_revision(q, histogram, window=RATE):
    return (f"histogram_quantile({q}, sum by (le, revision_name)"
            f" (rate({histogram}_bucket{{}}[{window}]) {WITH_REVISION}))")
