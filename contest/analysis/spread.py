"""How far marks lie apart: range, standard deviation, marks far from the others, standard scores. Decimals only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from contest.analysis.marks import MarksTable, by_judge

# Square roots and quotients are cut at thirty digits; what is shown is rounded to two decimals, half up.
FIGURES = Context(prec=30, rounding=ROUND_HALF_UP)
# A mark is far out at this many times the distance that is usual in the round; four median absolute deviations are
# about 2.7 standard deviations of a normal distribution (Hampel 1974, "The influence curve and its role").
FAR = 4
# Below these numbers of marks nothing is said: of one entry, of the whole round, and of one judge for standard scores.
LEAST_OF_ENTRY, LEAST_OF_ROUND, LEAST_OF_JUDGE = 4, 12, 3
FIFTY, TEN = Decimal(50), Decimal(10)


@dataclass(frozen=True, slots=True)
class Figures:
    """An entry's marks in figures, in points. `trimmed` leaves out one highest and one lowest; None with too few."""

    count: int
    mean: Decimal
    trimmed: Decimal | None
    median: Decimal
    least: Decimal
    most: Decimal
    deviation: Decimal | None

    @property
    def range(self) -> Decimal:
        """Highest less lowest mark."""
        return self.most - self.least


@dataclass(frozen=True, slots=True)
class Far:
    """A mark far from the others: its judge, the mark, and the median of the other marks of the same entry."""

    judge: str
    value: Decimal
    others: Decimal


@dataclass(frozen=True, slots=True)
class Distances:
    """The usual distance of a mark from the median of the others in this round, in points, and the marks far beyond.

    `usual` is None with too few marks, or where most marks equal the others' median: then nothing is called far.
    """

    usual: Decimal | None
    far: Mapping[str, Sequence[Far]]

    @property
    def limit(self) -> Decimal | None:
        """From which distance on a mark counts as far."""
        return None if self.usual is None else FAR * self.usual


def mean(values: Sequence[Decimal]) -> Decimal:
    """Arithmetic mean. Raises ZeroDivisionError for nothing."""
    return FIGURES.divide(sum(values, Decimal(0)), Decimal(len(values)))


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two in the middle. Raises IndexError for nothing."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])


def sample_deviation(values: Sequence[Decimal]) -> Decimal | None:
    """The sample standard deviation sqrt(sum((x - mean)^2) / (n - 1)); None for fewer than two values."""
    if len(values) < 2:
        return None
    with localcontext(FIGURES):
        middle = mean(values)
        return (sum(((value - middle) ** 2 for value in values), Decimal(0)) / (len(values) - 1)).sqrt()


def figures(values: Sequence[Decimal]) -> Figures:
    """An entry's marks in figures. Raises ValueError for no marks."""
    if not values:
        raise ValueError("no marks")
    ordered = sorted(values)
    return Figures(
        len(values), mean(values), mean(ordered[1:-1]) if len(ordered) > 2 else None, median(values), ordered[0],
        ordered[-1], sample_deviation(values),
    )  # fmt: skip


def distances(table: MarksTable) -> Distances:
    """The marks that lie far from the others of the same entry.

    For each mark of an entry with at least LEAST_OF_ENTRY marks: its distance from the median of the other marks. The
    usual distance is the median of all of them; far is whatever is more than FAR times that. The yardstick is the
    round's own and not the entry's, so that one half point among six equal marks is no outlier.
    """
    found: list[tuple[str, Far, Decimal]] = []
    for entry, marks in table.items():
        if len(marks) < LEAST_OF_ENTRY:
            continue
        for at, mark in enumerate(marks):
            others = median([other.value for place, other in enumerate(marks) if place != at])
            found.append((entry, Far(mark.judge, mark.value, others), abs(mark.value - others)))
    usual = median([distance for _, _, distance in found]) if len(found) >= LEAST_OF_ROUND else Decimal(0)
    if not usual:
        return Distances(None, {})
    far: dict[str, list[Far]] = {}
    for entry, one, distance in found:
        if distance > FAR * usual:
            far.setdefault(entry, []).append(one)
    return Distances(usual, far)


def standard_scores(table: MarksTable) -> dict[str, Decimal]:
    """Each entry's mean standard score, 50 + 10 (x - mean_j) / s_j, with the judge's own mean and sample deviation.

    The usual 标准分 of Chinese expert review. A judge with fewer than LEAST_OF_JUDGE marks, or whose marks are all
    equal, has no scale of their own and is left out; an entry that only such judges marked has no standard score.
    """
    scales: dict[str, tuple[Decimal, Decimal]] = {}
    for judge, own in by_judge(table).items():
        values = list(own.values())
        deviation = sample_deviation(values)
        if len(values) >= LEAST_OF_JUDGE and deviation:
            scales[judge] = mean(values), deviation
    found: dict[str, Decimal] = {}
    with localcontext(FIGURES):
        for entry, marks in table.items():
            scores = [
                FIFTY + TEN * (mark.value - scales[mark.judge][0]) / scales[mark.judge][1]
                for mark in marks if mark.judge in scales
            ]  # fmt: skip
            if scores:
                found[entry] = mean(scores)
    return found
