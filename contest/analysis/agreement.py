"""Whether judges agree: how severe each is, how alike they rank, and one coefficient for the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from contest.analysis.marks import MarksTable, by_judge
from contest.analysis.spread import FIGURES, mean

# With fewer entries in common, a judge's figures and the panel's coefficient would be chance: nothing is said.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Judge:
    """One judge beside the others: `shared` entries were marked by this judge and by somebody else too.

    `severity` is the mean of (own mark - mean of the others' marks) over the shared entries, in points: below 0 severe.
    `correlation` is Spearman's with the others' mean on the same entries, -1 to 1; None where one side is constant.
    Both are None below LEAST shared entries.
    """

    judge: str
    marks: int
    shared: int
    severity: Decimal | None
    correlation: Decimal | None


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha of a panel, and what it rests on: entries with at least two marks, and their marks."""

    value: Decimal | None
    entries: int
    marks: int


def ranks(values: Sequence[Decimal]) -> list[Decimal]:
    """The rank of each value from the lowest, 1 upwards; equal values share the mean of their ranks."""
    ordered = sorted(range(len(values)), key=values.__getitem__)
    found = [Decimal(0)] * len(values)
    start = 0
    while start < len(ordered):
        end = start
        while end + 1 < len(ordered) and values[ordered[end + 1]] == values[ordered[start]]:
            end += 1
        for at in ordered[start : end + 1]:
            found[at] = Decimal(start + end + 2) / 2
        start = end + 1
    return found


def correlation(first: Sequence[Decimal], second: Sequence[Decimal]) -> Decimal | None:
    """Pearson's coefficient, sum(dx dy) / sqrt(sum(dx^2) sum(dy^2)); None where one side does not vary."""
    with localcontext(FIGURES):
        middles = mean(first), mean(second)
        left, right = [value - middles[0] for value in first], [value - middles[1] for value in second]
        squares = sum((x * x for x in left), Decimal(0)) * sum((y * y for y in right), Decimal(0))
        if not squares:
            return None
        return sum((x * y for x, y in zip(left, right, strict=True)), Decimal(0)) / squares.sqrt()


def spearman(first: Sequence[Decimal], second: Sequence[Decimal]) -> Decimal | None:
    """Spearman's rank correlation: Pearson's of the ranks, right with ties too (Kendall & Gibbons 1990, chapter 3)."""
    return correlation(ranks(first), ranks(second))


def judges(table: MarksTable) -> dict[str, Judge]:
    """Each judge of a round beside the others."""
    own = by_judge(table)
    return {judge: _judge(judge, marks, table) for judge, marks in own.items()}


def _judge(judge: str, own: Mapping[str, Decimal], table: MarksTable) -> Judge:
    pairs = []
    for entry, value in own.items():
        others = [mark.value for mark in table[entry] if mark.judge != judge]
        if others:
            pairs.append((value, mean(others)))
    if len(pairs) < LEAST:
        return Judge(judge, len(own), len(pairs), None, None)
    mine, theirs = [value for value, _ in pairs], [value for _, value in pairs]
    severity = mean([value - other for value, other in pairs])
    return Judge(judge, len(own), len(pairs), severity, spearman(mine, theirs))


def alpha(table: MarksTable) -> Alpha:
    """Krippendorff's alpha for interval data: 1 - observed / expected disagreement; works with missing marks.

    With m marks of an entry and n marks of all entries that have at least two: observed is the sum over the entries of
    2 m SS / (m - 1), divided by n; expected is 2 SS / (n - 1) of all n marks together; SS is the sum of squared
    distances from the mean. Source: Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section D, with
    (a - b)^2 summed over ordered pairs written as 2 m SS. None below LEAST entries or where no two marks differ.
    """
    units = [[mark.value for mark in marks] for marks in table.values() if len(marks) > 1]
    every = [value for unit in units for value in unit]
    if len(units) < LEAST:
        return Alpha(None, len(units), len(every))
    with localcontext(FIGURES):
        observed = sum((2 * len(unit) * _squares(unit) / (len(unit) - 1) for unit in units), Decimal(0)) / len(every)
        expected = 2 * _squares(every) / (len(every) - 1)
        value = 1 - observed / expected if expected else None
    return Alpha(value, len(units), len(every))


def _squares(values: Sequence[Decimal]) -> Decimal:
    middle = mean(values)
    return sum(((value - middle) ** 2 for value in values), Decimal(0))
