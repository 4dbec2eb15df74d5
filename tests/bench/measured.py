"""What was measured: figures by section, row and load, of all rounds; their medians and ratios.

Rounds are interleaved: each measures everything once, so that an hour's noise hits all alike. A
ratio is taken within a round, and the median of those is what counts.
"""

import statistics


class Measured:
    def __init__(self):
        self.rounds = {}  # (section, row, load) → [figures of a round]

    def add(self, section, row, load, figures):
        self.rounds.setdefault((section, row, str(load)), []).append(figures)

    def median(self, section, row, load):
        """The median of each figure; errors are summed: two good rounds hide none."""
        rounds = self.rounds[section, row, str(load)]
        names = dict.fromkeys(name for figures in rounds for name in figures)
        return {name: (sum if name == "errors" else statistics.median)(
            [figures[name] for figures in rounds if name in figures]) for name in names}

    def pairs(self, section, figure, *rows):
        """A figure of two rows, (row, load), round by round, where both were measured."""
        both = ([figures.get(figure) for figures
                 in self.rounds.get((section, row, str(load)), [])] for row, load in rows)
        return [pair for pair in zip(*both) if None not in pair]

    def ratio(self, section, figure, over, under):
        """`over` and `under` are (row, load); None where one of them was not measured."""
        ratios = [one / other for one, other in self.pairs(section, figure, over, under) if other]
        return statistics.median(ratios) if ratios else None

    def difference(self, section, figure, more, less):
        """The same of two rows that are subtracted."""
        gaps = [one - other for one, other in self.pairs(section, figure, more, less)]
        return statistics.median(gaps) if gaps else None

    def sections(self):
        return list(dict.fromkeys(section for section, _, _ in self.rounds))

    def rows(self, section):
        """(row, load, medians) in the order of measuring."""
        return [(row, load, self.median(section, row, load))
                for its, row, load in self.rounds if its == section]

    def errors(self):
        """What must be empty: (section, row, load, how many)."""
        found = ((section, row, load, self.median(section, row, load).get("errors", 0))
                 for section, row, load in self.rounds)
        return [one for one in found if one[3]]

    def as_json(self):
        result = {}
        for section in self.sections():
            for row, load, figures in self.rows(section):
                result.setdefault(section, {}).setdefault(row, {})[load] = {
                    name: round(value, 3) for name, value in figures.items()}
        return result


def interleaved(rounds, cases):
    """Runs every case, a function without arguments, once a round."""
    for _ in range(rounds):
        for case in cases:
            case()
