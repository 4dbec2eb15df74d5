"""Reads monitoring/slo.yml, strictly: whatever is wrong in it is an SloError of one line."""

import dataclasses
import difflib
import re
import string
from decimal import Decimal

import yaml

from .duration import Duration, with_windows_divided

SEVERITIES = ("page", "ticket", "none")
TARGETS = ("prometheus", "grafana", "cloud")
WHEN_BLIND = ("fire", "keep", "quiet")
# The edges of http_server_request_duration_seconds: a share within any other time cannot be read of it.
EDGES = "0.0005 0.001 0.0025 0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10".split()
DAY_MS = 86_400_000
MOST_DAYS = 30  # of Cloud Monitoring's rolling period
ALERT_NAME = re.compile(r"[A-Z][A-Za-z0-9]+")


class SloError(Exception):
    """What is wrong, and where, in one line."""


@dataclasses.dataclass(frozen=True)
class CloudShare:
    """An objective as Cloud Monitoring counts it: filters of counters, or of one histogram; "" where not used."""
    good: str
    all: str
    distribution: str


@dataclasses.dataclass(frozen=True)
class Objective:
    """So many percent of `all` within the period are not `bad`: PromQL with $window and $within, per second."""
    name: str
    percent: Decimal
    within: Decimal | None  # seconds
    period: Duration
    bad: str
    all: str
    cloud: CloudShare
    summary: str
    description: str
    dashboard: str
    panel: str  # its title

    @property
    def budget(self):
        return 1 - self.percent / 100


@dataclasses.dataclass(frozen=True)
class Burn:
    """The budget goes so many times too fast. The name stays when windows are scaled."""
    name: str
    rate: Decimal
    long: Duration
    short: Duration
    severity: str
    min_requests: int


@dataclasses.dataclass(frozen=True)
class Alert:
    """The expression still holds $job and the like: see Slo.filled_in."""
    name: str
    severity: str
    expression: str
    hold: Duration  # `for`, which is a word of Python's
    summary: str
    description: str
    runbook: str
    dashboard: str
    panel: str
    targets: tuple[str, ...] = TARGETS
    when_blind: str = "keep"
    labels: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Slo:
    service: str
    job: str
    runbook_base: str
    dashboard_base: str
    interval: Duration
    limits: dict[str, int]
    objectives: tuple[Objective, ...]
    burns: tuple[Burn, ...]
    alerts: tuple[Alert, ...]

    def filled_in(self, expression, **others):
        """With the values of $job and so on; `others` come first, and add."""
        values = {"service": self.service, "job": self.job, **self.limits, **others}
        return string.Template(expression).substitute(values)

    def objective(self, name):
        return next(objective for objective in self.objectives if objective.name == name)

    @property
    def availability_objective(self):
        return float(self.objective("availability").percent / 100)

    @property
    def latency_objective(self):
        return float(self.objective("latency").percent / 100)

    @property
    def latency_threshold(self):
        return float(self.objective("latency").within)

    @property
    def fast_burn(self):
        """From so many times the budget's own pace on, somebody is called at once."""
        return float(max(burn.rate for burn in self.burns))

    def scaled(self, divisor):
        """Everything in a fraction of the time, for a live test of the rules."""
        def shorter(of, **fields):
            return dataclasses.replace(of, **{name: value.divided(divisor)
                                              for name, value in fields.items()})
        return dataclasses.replace(
            shorter(self, interval=self.interval),
            objectives=tuple(shorter(objective, period=objective.period)
                             for objective in self.objectives),
            burns=tuple(shorter(burn, long=burn.long, short=burn.short) for burn in self.burns),
            alerts=tuple(dataclasses.replace(
                shorter(alert, hold=alert.hold),
                expression=with_windows_divided(alert.expression, divisor))
                for alert in self.alerts))


class Fields:
    """A mapping whose keys are taken out one by one; what is left at the end is a mistake."""

    def __init__(self, mapping, where):
        if not isinstance(mapping, dict):
            raise SloError(f"{where}: expected keys and values, found {mapping!r}")
        self.left = dict(mapping)
        self.where = where
        self.known = []

    def fail(self, text):
        raise SloError(f"{self.where}: {text}")

    def take(self, key, check, default=None):
        """The checked value; without a default it must be there."""
        self.known.append(key)
        if key not in self.left:
            if default is None:
                self.fail(f"'{key}' is missing")
            return default
        try:
            return check(self.left.pop(key))
        except ValueError as error:
            self.fail(f"{key}: {error}")

    def done(self):
        for key in self.left:
            near = difflib.get_close_matches(str(key), self.known, 1)
            self.fail(f"unknown key '{key}'" + (f"; did you mean '{near[0]}'?" if near else ""))


def text(value):
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected a text, found {value!r}")
    return value.strip()


def folder(value):
    if not text(value).endswith("/"):
        raise ValueError(f"'{value}' must end in /, for names are put behind it")
    return value


def whole(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"expected a whole number from 1 on, found {value!r}")
    return value


def number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise ValueError(f"expected a number above 0, found {value!r}")
    return Decimal(str(value))


def percent(value):
    if not number(value) < 100:
        raise ValueError(f"{value} leaves no budget; it must be below 100")
    return number(value)


def items(value):
    if not isinstance(value, list) or not value:
        raise ValueError(f"expected a list, found {value!r}")
    return value


def one_of(known):
    def check(value):
        if value not in known:
            raise ValueError(f"'{value}' is none of {', '.join(known)}")
        return value
    return check


def some_of(known):
    return lambda value: tuple(one_of(known)(item) for item in items(value))


def limits(value):
    if not isinstance(value, dict):
        raise ValueError(f"expected names and numbers, found {value!r}")
    return {name: whole(figure) for name, figure in value.items()}


def mapping(value):
    if not isinstance(value, dict):
        raise ValueError(f"expected keys and values, found {value!r}")
    return value


def edge(value):
    if f"{number(value)}" not in EDGES:
        raise ValueError(f"no bucket ends at {value}; there are {' '.join(EDGES)}")
    return number(value)


def cloud_share(values, where):
    fields = Fields(values, where)
    made = CloudShare(good=fields.take("good", text, ""), all=fields.take("all", text, ""),
                      distribution=fields.take("distribution", text, ""))
    fields.done()
    if bool(made.good) != bool(made.all) or bool(made.all) == bool(made.distribution):
        fields.fail("either good and all, or distribution")
    return made


def objective(values, where):
    fields = Fields(values, where)
    made = Objective(name=fields.take("name", text),
                     percent=fields.take("objective", percent),
                     within=fields.take("within", edge, 0) or None,
                     period=fields.take("period", Duration.parse),
                     bad=fields.take("bad", text),
                     all=fields.take("all", text),
                     cloud=cloud_share(fields.take("cloud", mapping), f"{where}, cloud"),
                     summary=fields.take("summary", text),
                     description=fields.take("description", text),
                     dashboard=fields.take("dashboard", text),
                     panel=fields.take("panel", text))
    fields.done()
    for part in ("bad", "all"):
        if "[$window]" not in getattr(made, part):
            fields.fail(f"{part}: without [$window] it is the same over every window")
    return made


def burn(mapping, where):
    fields = Fields(mapping, where)
    long = fields.take("long", Duration.parse)
    made = Burn(name=str(long),
                rate=fields.take("rate", number),
                long=long,
                short=fields.take("short", Duration.parse),
                severity=fields.take("severity", one_of(SEVERITIES)),
                min_requests=fields.take("min_requests", whole))
    fields.done()
    if not made.short < made.long:
        fields.fail(f"the short window ({made.short}) must be shorter than the long one ({made.long})")
    return made


def alert(mapping, where):
    fields = Fields(mapping, where)
    name = fields.take("name", text)
    fields.where = f"{where} ({name})"
    if not ALERT_NAME.fullmatch(name):
        fields.fail("a name is a word of letters and digits with a capital first")
    made = Alert(name=name,
                 severity=fields.take("severity", one_of(SEVERITIES)),
                 expression=fields.take("expression", text),
                 hold=fields.take("for", Duration.parse, Duration(0)),
                 summary=fields.take("summary", text),
                 description=fields.take("description", text),
                 runbook=fields.take("runbook", text, name),
                 dashboard=fields.take("dashboard", text),
                 panel=fields.take("panel", text),
                 targets=fields.take("where", some_of(TARGETS), TARGETS),
                 when_blind=fields.take("when_blind", one_of(WHEN_BLIND), "keep"))
    fields.done()
    return made


def each(make, where):
    """Makes one of each mapping in a list, and says which was wrong."""
    return lambda value: tuple(make(mapping, f"{where} {i}")
                               for i, mapping in enumerate(items(value), start=1))


def of_objective(objective, window):
    """What its expressions know beside the Slo's own values."""
    return {"window": window} | ({"within": objective.within} if objective.within else {})


def refuse_twins(kind, names):
    for name in names:
        if names.count(name) > 1:
            raise SloError(f"two {kind} are called '{name}'")


def refuse_what_cannot_be(slo):
    """Figures that contradict each other, and placeholders that have no value."""
    refuse_twins("slos", [objective.name for objective in slo.objectives])
    refuse_twins("burns", [burn.name for burn in slo.burns])
    refuse_twins("alerts", [alert.name for alert in slo.alerts])
    for objective in slo.objectives:
        days = objective.period.milliseconds / DAY_MS
        if days not in range(1, MOST_DAYS + 1):
            raise SloError(f"slo {objective.name}: period: Cloud Monitoring takes 1 to {MOST_DAYS} whole days")
        for burn in slo.burns:
            where = f"slo {objective.name}, burn over {burn.long}"
            if burn.long >= objective.period:
                raise SloError(f"{where}: longer than the period of {objective.period}")
            if burn.rate * objective.budget >= 1:
                raise SloError(f"{where}: {burn.rate} times a budget of {objective.budget} is more "
                               "than all requests: it would never fire")
            if burn.min_requests * burn.rate * objective.budget <= 1:
                raise SloError(f"{where}: with {burn.min_requests} requests one failure alone fires; "
                               "raise min_requests")
    expressions = [(f"slo {objective.name}", promql, of_objective(objective, "5m"))
                   for objective in slo.objectives for promql in (objective.bad, objective.all)]
    expressions += [(f"slo {objective.name}, cloud", part, {}) for objective in slo.objectives
                    for part in dataclasses.astuple(objective.cloud)]
    expressions += [(f"alert {alert.name}", alert.expression, {}) for alert in slo.alerts]
    for where, promql, values in expressions:
        try:
            slo.filled_in(promql, **values)
        except KeyError as error:
            raise SloError(f"{where}: nothing is called ${error.args[0]}; write $$ for a dollar "
                           "sign") from error
        except ValueError as error:
            raise SloError(f"{where}: a lone $; write $$ for a dollar sign") from error
    for objective in slo.objectives:
        if objective.cloud.distribution and not objective.within:
            raise SloError(f"slo {objective.name}, cloud: a distribution needs within, up to which an answer is good")


def read(path):
    """The Slo in a file. SloError: it is not there, no YAML, or wrong."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SloError(f"{path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise SloError(f"{path}: no YAML: {' '.join(str(error).split())}") from error
    fields = Fields(document, "slo.yml")
    slo = Slo(service=fields.take("service", text),
              job=fields.take("job", text),
              runbook_base=fields.take("runbook_base", folder, "docs/runbooks/"),
              dashboard_base=fields.take("dashboard_base", folder),
              interval=fields.take("interval", Duration.parse),
              limits=fields.take("limits", limits),
              objectives=fields.take("slos", each(objective, "slo")),
              burns=fields.take("burns", each(burn, "burn")),
              alerts=fields.take("alerts", each(alert, "alert")))
    fields.done()
    refuse_what_cannot_be(slo)
    return slo
