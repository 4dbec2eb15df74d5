"""From objectives and burns to alerts: arithmetic on text, no I/O.

An alert fires while both windows burn too fast, and the long one has enough requests to tell:
    bad(long) / all(long) > rate × budget  and  bad(short) / all(short) > rate × budget
    and  all(long) × seconds ≥ min_requests
"""

from decimal import Decimal

from .duration import Duration
from .slo import Alert, of_objective


class Raw:
    """The shares and rates as PromQL over the service's own metrics, for where nothing is recorded."""

    def __init__(self, slo):
        self.slo = slo

    def rate(self, objective, part, window):
        return self.slo.filled_in(getattr(objective, part), **of_objective(objective, window))

    def requests(self, objective, window):
        return f"({self.rate(objective, 'all', window)})"

    def bad_share(self, objective, window):
        return (f"({self.rate(objective, 'bad', window)})\n/\n"
                f"({self.rate(objective, 'all', window)})")


class Recorded:
    """The same by the names that Prometheus' recording rules give them (level:metric:operations)."""

    @staticmethod
    def requests(objective, window):
        return f"job:slo_{objective.name}_requests:rate{window}"

    @staticmethod
    def bad_share(objective, window):
        return f"job:slo_{objective.name}_bad_per_request:ratio_rate{window}"


def windows(slo):
    """Every window that some burn looks at, shortest first."""
    return sorted({window for burn in slo.burns for window in (burn.long, burn.short)})


def expression(objective, burn, form):
    limit = f"{burn.rate} * {plain(objective.budget)}"
    return "\nand\n".join([f"{form.bad_share(objective, burn.long)}\n> {limit}",
                           f"{form.bad_share(objective, burn.short)}\n> {limit}",
                           f"{form.requests(objective, burn.long)} * {burn.long.seconds:g}"
                           f"\n>= {burn.min_requests}"])


def share_of_budget(objective, burn):
    """Of the period's budget, what such a burn uses up within the long window, in percent."""
    return 100 * burn.rate * burn.long.milliseconds / Decimal(objective.period.milliseconds)


def plain(figure):
    """A Decimal without zeros at its end, and without an exponent."""
    return f"{figure.normalize():f}"


def alert(objective, burn, form):
    name = f"{objective.name.capitalize()}Burn"
    used = plain(round(share_of_budget(objective, burn), 1))
    return Alert(
        name=name + burn.name, severity=burn.severity, expression=expression(objective, burn, form),
        hold=Duration(0), summary=objective.summary,
        description=f"{objective.description} Over {burn.long}, and still over {burn.short}, the error "
                    f"budget of {objective.period} goes {burn.rate} times too fast: {used} % of it "
                    f"in {burn.long}.",
        runbook=name, dashboard=objective.dashboard, panel=objective.panel,
        labels={"slo": objective.name})


def alerts(slo, form):
    return [alert(objective, burn, form) for objective in slo.objectives for burn in slo.burns]
