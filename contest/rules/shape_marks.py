"""What a rule file says about marks and values, as frozen values: criteria, adjustments, clocks, families."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contest.rules.errors import MarkError
from contest.rules.numbers import EXACT, ONE, ZERO, plain_number


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in `lang`, "zh" or "en"."""
        return self.zh if lang == "zh" else self.en


def checked(text: str, low: Decimal | None, high: Decimal | None, step: Decimal, anchor: Decimal) -> Decimal:
    """The number `text` writes, inside low–high and on the grid anchor + k·step. Raises MarkError."""
    value = plain_number(text)
    args: dict[str, Any] = {"found": text, "min": low, "max": high, "step": step}
    if value is None:
        raise MarkError("not_a_number", **args)
    if low is not None and value < low:
        raise MarkError("below_min", **args)
    if high is not None and value > high:
        raise MarkError("above_max", **args)
    if (value - anchor) % step != 0:
        raise MarkError("off_step", **args)
    return value


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of marks: a mark belongs to the band with the highest `low` not above it; `high` is for show.

    Where a measure picks the band, `at` is the least value that picks this one.
    """

    title: Text
    low: Decimal
    high: Decimal
    at: Decimal | None = None


class CriterionKind(StrEnum):
    """What a mark is: points, a place among the entries, one of named levels, or passed and not passed."""

    POINTS = "points"
    RANK = "rank"
    LEVEL = "level"
    PASS = "pass"  # noqa: S105 (a mark, not a secret)


@dataclass(frozen=True, slots=True)
class Level:
    """A named mark: what the sheet says (1H, pass), what a judge reads, and the number it counts as."""

    name: str
    title: Text
    value: Decimal


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one mark is given for. `weight` is its factor in the sum of a sheet; 0 is recorded but not counted.

    `levels`, from the lowest value up, are the only marks of a level or a pass; other kinds have none. `group` is the
    node of the indicator tree that it belongs to, `band_by` the measure that picks its band, and `zero_if` the rule by
    which a ruling gives it 0.
    """

    id: str
    title: Text
    hint: Text | None
    min: Decimal
    max: Decimal
    step: Decimal
    bands: tuple[Band, ...]
    kind: CriterionKind = CriterionKind.POINTS
    weight: Decimal = ONE
    levels: tuple[Level, ...] = ()
    group: str | None = None
    band_by: str | None = None
    zero_if: Text | None = None

    def check(self, text: str) -> Decimal:
        """The mark written as `text`. Raises MarkError: not_a_number, below_min, above_max, off_step, no_level."""
        if not self.levels:
            return checked(text, self.min, self.max, self.step, self.min)
        value = plain_number(text)
        for level in self.levels:
            if level.name == text or level.value == value:
                return level.value
        raise MarkError("no_level", found=text, known=[level.name for level in self.levels])

    def level_of(self, mark: Decimal) -> Level | None:
        """The level a mark stands for; None where the criterion has none."""
        return next((level for level in self.levels if level.value == mark), None)

    def band_of(self, mark: Decimal) -> Band | None:
        """The band a mark lies in; None where the criterion has no bands."""
        return next((band for band in self.bands if mark >= band.low), None)


@dataclass(frozen=True, slots=True)
class Group:
    """A node of the indicator tree, below its `parent`; it comes to what the criteria and groups below it add up to."""

    id: str
    title: Text
    parent: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A timed part of a talk, in whole seconds: shorter than `under` or longer than `over` costs `value`."""

    title: Text
    limit: int
    under: int | None
    over: int | None
    value: Decimal

    def proposed(self, seconds: int) -> Decimal:
        """What a part of this many whole seconds costs by the rule: `value`, or 0 inside the bounds."""
        too_short = self.under is not None and seconds < self.under
        too_long = self.over is not None and seconds > self.over
        return self.value if too_short or too_long else ZERO


class Apply(StrEnum):
    """How a value of an adjustment kind acts on the score."""

    ADD = "add"
    MULTIPLY = "multiply"


@dataclass(frozen=True, slots=True)
class Grade:
    """What a recorded value is worth from `start` on."""

    start: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class AdjustmentKind:
    """A declared kind of penalty, bonus, measured value or factor; values of a penalty are negative.

    Where there is an `each`, a recorded value is a count or a measure and acts as (value − start) × each + base; where
    there are `grades`, from the lowest up, as the one that it has reached. `check_sum` names the kinds whose values
    must add up to this one's. `higher_wins` says which measured value is the better one where such are compared.
    """

    id: str
    title: Text
    apply: Apply
    min: Decimal | None
    max: Decimal | None
    step: Decimal
    choices: tuple[Decimal, ...]
    sum_min: Decimal | None
    sum_max: Decimal | None
    family: str | None
    required: bool
    clock: Clock | None = None
    each: Decimal | None = None
    start: Decimal = ZERO
    base: Decimal = ZERO
    grades: tuple[Grade, ...] = ()
    check_sum: tuple[str, ...] = ()
    higher_wins: bool = True

    @property
    def is_measured(self) -> bool:
        """Whether what is recorded is a count or a measure, and acts as something else."""
        return self.each is not None or bool(self.grades)

    def acting(self, recorded: Decimal) -> Decimal:
        """What a recorded value does to the score."""
        if self.each is not None:
            return EXACT.add(EXACT.multiply(EXACT.subtract(recorded, self.start), self.each), self.base)
        if self.grades:
            return next((grade.value for grade in reversed(self.grades) if recorded >= grade.start), ZERO)
        return recorded

    def check(self, text: str) -> Decimal:
        """The value written as `text`. Raises MarkError like Criterion.check; steps are counted from 0."""
        return checked(text, self.min, self.max, self.step, ZERO)


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds whose sum is limited together."""

    id: str
    title: Text
    sum_min: Decimal | None
    sum_max: Decimal | None
