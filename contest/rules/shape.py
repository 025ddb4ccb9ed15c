"""What a rule file says, as frozen values: criteria, panel, adjustments, the chain after the panel, ties, result."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contest.rules.errors import MarkError
from contest.rules.numbers import ZERO, Rounding, plain_number

if TYPE_CHECKING:
    from contest.rules.shape_awards import AwardRules


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
    """A named range of marks: a mark belongs to the band with the highest `low` not above it; `high` is for show."""

    title: Text
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one mark is given for."""

    id: str
    title: Text
    hint: Text | None
    min: Decimal
    max: Decimal
    step: Decimal
    bands: tuple[Band, ...]

    def check(self, text: str) -> Decimal:
        """The mark written as `text`. Raises MarkError: not_a_number, below_min, above_max, off_step."""
        return checked(text, self.min, self.max, self.step, self.min)

    def band_of(self, mark: Decimal) -> Band | None:
        """The band a mark lies in; None where the criterion has no bands."""
        return next((band for band in self.bands if mark >= band.low), None)


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
class AdjustmentKind:
    """A declared kind of penalty, bonus, measured value or factor; values of a penalty are negative."""

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


class PanelOf(StrEnum):
    """What the panel drops and averages: whole sheets, or the marks of each criterion."""

    SHEETS = "sheets"
    CRITERIA = "criteria"


class Take(StrEnum):
    """What is taken of the marks that remain."""

    MEAN = "mean"
    SUM = "sum"
    MEDIAN = "median"


class Missing(StrEnum):
    """What a mark that is not there does: the entry waits, or the mark is left out before dropping."""

    INCOMPLETE = "incomplete"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Trim:
    """How many of the highest and lowest marks are dropped."""

    high: int
    low: int


@dataclass(frozen=True, slots=True)
class PanelRule:
    """From the judges' marks to the panel's score."""

    size: int | None
    of: PanelOf
    trim: Trim
    by_size: Mapping[int, Trim]
    take: Take
    rounding: Rounding | None
    min_marks: int
    missing: Missing
    factors: Mapping[str, Decimal]
    factor_rounding: Rounding | None

    def trim_for(self, marks: int) -> Trim:
        """What is dropped when this many marks are there."""
        return self.by_size.get(marks, self.trim)


@dataclass(frozen=True, slots=True)
class Adjust:
    """Chain step: the values of these kinds act on the score."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """Chain step: a score below `at` becomes `at`."""

    at: Decimal


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Chain step: a score above `at` becomes `at`."""

    at: Decimal


ChainStep = Adjust | Rounding | Floor | Ceiling


class TieBy(StrEnum):
    """What a tie-break compares."""

    MARKS = "marks"
    CRITERION = "criterion"
    PANEL = "panel"
    ADJUSTMENT = "adjustment"
    PENALTIES = "penalties"
    SCORE = "score"
    LOTS = "lots"


class TieOf(StrEnum):
    """Which part: all judges' marks or the counted ones; the sum of penalties or their number."""

    ALL = "all"
    COUNTED = "counted"
    SUM = "sum"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One link of a tie-break chain. `round` None means the round that is being ranked."""

    by: TieBy
    of: TieOf | None
    first: int
    criterion: Criterion | None
    kind: AdjustmentKind | None
    round: str | None
    higher_wins: bool


@dataclass(frozen=True, slots=True)
class RoundRules:
    """One round. `sheet_max` is None where a sheet's sum has no meaning (marks are dropped per criterion)."""

    id: str
    title: Text
    criteria: tuple[Criterion, ...]
    sheet_max: Decimal | None
    panel: PanelRule
    adjustments: tuple[AdjustmentKind, ...]
    families: Mapping[str, Family]
    after: tuple[ChainStep, ...]
    tie_break: tuple[TieBreak, ...]
    places: int
    divisions: Mapping[str, RoundRules] = field(default_factory=dict)

    @property
    def clocks(self) -> dict[str, Clock]:
        """The timed parts of a talk in the order of the rule file, by the adjustment kind that they lead to."""
        return {kind.id: kind.clock for kind in self.adjustments if kind.clock is not None}

    def for_division(self, code: str | None) -> RoundRules:
        """The rules as they hold for one division: these, with what the division overrides."""
        return self if code is None else self.divisions.get(code, self)

    def criterion(self, id: str) -> Criterion | None:
        """The criterion with this id."""
        return next((c for c in self.criteria if c.id == id), None)

    def adjustment(self, id: str) -> AdjustmentKind | None:
        """The adjustment kind with this id."""
        return next((k for k in self.adjustments if k.id == id), None)


@dataclass(frozen=True, slots=True)
class ResultRules:
    """Which rounds decide the contest. With one round the result is that round; weights None means the plain sum."""

    rounds: tuple[str, ...]
    weights: Mapping[str, Decimal] | None
    rounding: Rounding | None
    tie_break: tuple[TieBreak, ...]
    overall: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole rule file; `data` are its bytes and `sha256` their digest (hex)."""

    title: Text
    divisions: Mapping[str, Text]
    rounds: Mapping[str, RoundRules]
    result: ResultRules
    sha256: str
    data: bytes
    awards: tuple[AwardRules, ...] = ()

    def division_title(self, code: str | None, lang: str) -> str:
        """What a division is called in `lang`: its title, or its code where the file gives none."""
        title = self.divisions.get(code) if code is not None else None
        return (code or "") if title is None else title.in_(lang)
