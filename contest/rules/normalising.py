"""Marks of strict and mild judges made comparable: mean shift, z, standard scores, the field's scale, linear effects.

With x a judge's sheet, mean_j and s_j the mean and standard deviation of that judge's sheets in the scope
(sample: sqrt(sum((x - mean_j)^2) / (n - 1)), population: divided by n):

    mean_shift   x - mean_j + mean of the judges' means
    z            (x - mean_j) / s_j
    standard     mean + sd * (x - mean_j) / s_j                (the 标准分 of Chinese expert review: 50 + 10 z)
    field        M + S * (x - mean_j) / s_j                    (M, S: mean and deviation of all sheets of the scope)
    linear       x - b_j, least squares of x = mu + entry + b_j with the b_j adding up to 0

Each of them is base + (k * x - c) * f with four numbers per judge. They are kept to 130 digits and looked at to 90
decimals before the rounding step that every rule has: a value that is exactly on a rounding boundary stays on it,
though f is the root of a fraction.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from contest.rules.linear_effects import judge_effects
from contest.rules.numbers import FINE, ONE, ZERO, settled, shown
from contest.rules.outcome import Step
from contest.rules.shape_sheet import Deviation, Fallback, Normalise, NormaliseBy, Withdrawn

if TYPE_CHECKING:
    from contest.rules.scoring import Tally, Try


@dataclass(slots=True)
class _Judge:
    """One judge's sheets of the scope that count, and base, k, c and f that turn a sheet into its value.

    `fallback` names the sentence that says why this judge's sheets were treated otherwise.
    """

    marks: list[Decimal] = field(default_factory=list)
    total: Fraction = Fraction(0)
    variance: Fraction | None = None
    base: Decimal = ZERO
    k: Decimal = ONE
    c: Decimal = ZERO
    f: Decimal = ONE
    fallback: str | None = None
    known: dict[Decimal, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def mean(self) -> Fraction:
        return self.total / len(self.marks)

    def shift(self, base: Fraction) -> None:
        """The value is the sheet itself, moved by `base`."""
        self.base = _fine(base)

    def stretch(self, base: Decimal, centre: Fraction, factor: Decimal) -> None:
        """The value is base + (x - centre) * factor; the centre's denominator is taken out of the product."""
        over = centre.denominator
        self.base, self.k, self.c = base, Decimal(over), Decimal(centre.numerator)
        self.f = FINE.divide(factor, Decimal(over))


def normalise(field: list[Tally], rule: Normalise) -> None:
    """Put every sheet's adjusted value beside its sum, over one scope; the steps name each judge's mark and value."""
    judges = _judges(field, rule)
    if rule.by is NormaliseBy.LINEAR:
        if not _linear(field, judges, rule):
            return
    else:
        _measure(judges, rule)
    code = f"normalised_{rule.by}"
    for tally in field:
        for attempt in tally.tries:
            _apply(attempt, judges, rule, code)


def _counting(field: Iterable[Tally], rule: Normalise) -> Iterator[Try]:
    for tally in field:
        if tally.left is None or rule.withdrawn is Withdrawn.COUNT:
            yield from tally.tries


def _judges(field: list[Tally], rule: Normalise) -> dict[str, _Judge]:
    judges: dict[str, _Judge] = {}
    for attempt in _counting(field, rule):
        for sheet in attempt.sheets:
            if sheet.value is not None:
                if (judge := judges.get(sheet.judge)) is None:
                    judge = judges[sheet.judge] = _Judge()
                judge.marks.append(sheet.value)
    for judge in judges.values():
        judge.total = Fraction(sum(judge.marks))
    return judges


def _variance(marks: list[Decimal], total: Fraction, deviation: Deviation) -> Fraction | None:
    """The square of the standard deviation, exact; None of a single mark, 0 of equal ones."""
    count = len(marks)
    if count < 2:
        return None
    squares = Fraction(sum(mark * mark for mark in marks))
    return (count * squares - total * total) / (count * (count - (1 if deviation is Deviation.SAMPLE else 0)))


def _measure(judges: dict[str, _Judge], rule: Normalise) -> None:
    """The four numbers of each judge."""
    if not judges:
        return
    if rule.by is NormaliseBy.MEAN_SHIFT:
        of_means = sum((judge.mean for judge in judges.values()), Fraction(0)) / len(judges)
        for judge in judges.values():
            if len(judge.marks) == 1:
                judge.fallback = "single_mark"
            else:
                judge.shift(of_means - judge.mean)
        return
    everything = [mark for judge in judges.values() for mark in judge.marks]
    whole = sum((judge.total for judge in judges.values()), Fraction(0))
    middle = whole / len(everything)
    spread = _variance(everything, whole, rule.deviation) or Fraction(0)
    on_field = rule.by is NormaliseBy.FIELD
    base = _fine(middle) if on_field else rule.mean
    target = spread if on_field else Fraction(rule.sd) ** 2
    # A judge who cannot be measured borrows the field's deviation, so that all values stay on one scale.
    borrowed = ONE if on_field else _root(target / spread) if spread else ZERO
    for judge in judges.values():
        judge.fallback = _why_not(judge, rule)
        if judge.fallback is None and judge.variance is not None:
            judge.stretch(base, judge.mean, _root(target / judge.variance))
        elif judge.fallback == "single_mark" or rule.fallback is Fallback.NONE:
            judge.stretch(base, middle, borrowed)
        else:
            judge.stretch(base, judge.mean, borrowed)


def _why_not(judge: _Judge, rule: Normalise) -> str | None:
    """Why a judge's own deviation is not used (rules.md's guards): one mark, too few marks, all of them equal."""
    judge.variance = _variance(judge.marks, judge.total, rule.deviation)
    if judge.variance is None:
        return "single_mark"
    way = "unadjusted" if rule.fallback is Fallback.NONE else "shifted"
    if len(judge.marks) < rule.min_marks:
        return f"few_marks_{way}"
    return f"equal_marks_{way}" if not judge.variance else None


def _linear(field: list[Tally], judges: dict[str, _Judge], rule: Normalise) -> bool:
    """The judges' effects; False where the judges fall into groups that share no entry, which every entry then says."""
    items = [
        [(sheet.judge, sheet.value) for sheet in attempt.sheets if sheet.value is not None]
        for attempt in _counting(field, rule)
    ]
    effects = judge_effects([item for item in items if item])
    if effects is None:
        for tally in field:
            for attempt in tally.tries:
                attempt.refused = Step("judges_unconnected", {})
        return False
    for name, judge in judges.items():
        judge.base = -effects[name]
    return True


def _apply(attempt: Try, judges: dict[str, _Judge], rule: Normalise, code: str) -> None:
    changes: list[tuple[str, Decimal, Decimal]] = []
    fallen: dict[str, list[str]] = {}
    for sheet in attempt.sheets:
        raw = sheet.value
        if raw is None:
            continue
        judge = judges.get(sheet.judge)
        if judge is None:  # all this judge has marked is outside the field
            judge = judges[sheet.judge] = _Judge()
        pair = judge.known.get(raw)
        if pair is None:
            value = FINE.fma(FINE.subtract(judge.k * raw, judge.c), judge.f, judge.base)
            pair = judge.known[raw] = (shown(raw, 0), settled(value, rule.rounding))
        sheet.value = pair[1]
        changes.append((sheet.judge, *pair))
        if judge.fallback is not None:
            fallen.setdefault(judge.fallback, []).append(sheet.judge)
    if changes:
        attempt.steps.append(Step(code, {"marks": changes}))
    for why, names in fallen.items():
        attempt.steps.append(Step(why, {"judges": names, "least": rule.min_marks}))


def _fine(value: Fraction) -> Decimal:
    return FINE.divide(Decimal(value.numerator), Decimal(value.denominator))


def _root(value: Fraction) -> Decimal:
    """The square root; exact where the fraction is the square of a fraction."""
    return FINE.divide(FINE.sqrt(Decimal(value.numerator * value.denominator)), Decimal(value.denominator))
