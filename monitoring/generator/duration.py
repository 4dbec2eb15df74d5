"""Spans of time as Prometheus writes them: 30s, 5m, 3d."""

import dataclasses
import re

UNITS_MS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
PATTERN = r"\d+(?:ms|[wdhms])"


@dataclasses.dataclass(frozen=True, order=True)
class Duration:
    milliseconds: int

    @classmethod
    def parse(cls, text):
        """A ValueError where it is none."""
        if not isinstance(text, str) or not re.fullmatch(PATTERN, text):
            raise ValueError(f"'{text}' is no duration; write 30s, 5m, 6h or 3d")
        number, unit = re.fullmatch(r"(\d+)(\w+)", text).groups()
        return cls(int(number) * UNITS_MS[unit])

    @property
    def seconds(self):
        return self.milliseconds / 1000

    def divided(self, divisor):
        return Duration(round(self.milliseconds / divisor))

    def __str__(self):
        """In the largest unit below weeks that says it in whole numbers, as people do."""
        for unit in ("d", "h", "m", "s"):
            if self.milliseconds and self.milliseconds % UNITS_MS[unit] == 0:
                return f"{self.milliseconds // UNITS_MS[unit]}{unit}"
        return f"{self.milliseconds}ms" if self.milliseconds else "0s"


def with_windows_divided(expression, divisor):
    """The same PromQL over shorter ranges: [10m] by 60 is [10s]."""
    return re.sub(rf"\[({PATTERN})\]",
                  lambda range_: f"[{Duration.parse(range_[1]).divided(divisor)}]", expression)
