"""What is rehearsed: each case is a function of a fresh World, registered under its name; the first line of its text
says what it shows. quick: also in the everyday tests. settings: of deploy.toml, where they differ."""

import dataclasses

ALL = {}  # name: Case


@dataclasses.dataclass
class Case:
    run: object
    quick: bool
    settings: dict

    @property
    def title(self):
        return self.run.__doc__.splitlines()[0]


def case(name, quick=False, **settings):
    def register(function):
        ALL[name] = Case(function, quick, {key.replace("_", "-"): value for key, value in settings.items()})
        return function
    return register


def load():
    """ALL, in the order in which they are told."""
    from cases import good, bad, undecided, killed, refused, first, back, unlucky, secrets, status  # noqa: F401, PLC0415
    return ALL
