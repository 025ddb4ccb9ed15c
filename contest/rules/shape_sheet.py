"""What a rule file says about a judge's sheets over the whole field, as frozen values: standard scores, places, points.

Everything here works between the sheet's sum and the panel: a stage that a rule file does not ask for is None.
"""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contest.rules.numbers import ZERO, Rounding


class NormaliseBy(StrEnum):
    """How marks of a strict and of a mild judge are made comparable."""

    MEAN_SHIFT = "mean_shift"
    Z = "z"
    STANDARD = "standard"
    FIELD = "field"
    RANK_MEAN = "rank_mean"
    LINEAR = "linear"


class Deviation(StrEnum):
    """Which standard deviation: divided by n - 1, or by n."""

    SAMPLE = "sample"
    POPULATION = "population"


class Fallback(StrEnum):
    """What a judge of too few marks, or of equal marks, gets: a shift of the mean, or nothing."""

    MEAN_SHIFT = "mean_shift"
    NONE = "none"


class Scope(StrEnum):
    """Which entries a judge's marks are looked at together over."""

    ROUND = "round"
    DIVISION = "division"
    PANEL = "panel"


class Withdrawn(StrEnum):
    """Whether the marks of withdrawn and disqualified entries belong to a judge's field."""

    COUNT = "count"
    LEAVE_OUT = "leave_out"


class RankTies(StrEnum):
    """The place of equal totals: the mean of the places they take up, or the first of them."""

    MEAN = "mean"
    MIN = "min"


class BallotVoid(StrEnum):
    """Which ballots count for nobody."""

    INCOMPLETE = "incomplete"


class PointsBy(StrEnum):
    """How a place becomes points: by a list, N - place, 1 / place, or e to the power of rate x (place - 1)."""

    LIST = "list"
    BORDA = "borda"
    RECIPROCAL = "reciprocal"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Normalise:
    """Judge's totals made comparable; `mean` and `sd` are the target of "standard" (and 0, 1 of "z")."""

    by: NormaliseBy
    mean: Decimal
    sd: Decimal
    deviation: Deviation
    rounding: Rounding
    min_marks: int
    fallback: Fallback
    scope: Scope
    withdrawn: Withdrawn


@dataclass(frozen=True, slots=True)
class RankRule:
    """A judge's totals become places among the entries that judge marked; no place counts as more than `cap`."""

    ties: RankTies
    cap: Decimal | None
    scope: Scope
    withdrawn: Withdrawn


@dataclass(frozen=True, slots=True)
class PointsRule:
    """A judge's places become points: `values` of a list, `rate` of an exponential."""

    by: PointsBy
    values: tuple[Decimal, ...] = ()
    rate: Decimal = ZERO
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class BallotRule:
    """A judge's ballot holds each place 1 … `places` exactly once or counts for nobody; the others get `unplaced`."""

    places: int
    unplaced: Decimal
    scope: Scope


@dataclass(frozen=True, slots=True)
class SheetRule:
    """What happens to a judge's sheets before the panel.

    `lower_wins`: the marks are places, 1 is the best; `handed_in`: there is one criterion, so a sheet is a place.
    """

    rounding: Rounding | None = None
    normalise: Normalise | None = None
    rank: RankRule | None = None
    points: PointsRule | None = None
    ballot: BallotRule | None = None
    lower_wins: bool = False
    handed_in: bool = False

    @property
    def gives_places(self) -> bool:
        """Whether the panel works with places, the lower being the better, not with points."""
        if self.normalise is not None:
            return self.normalise.by is NormaliseBy.RANK_MEAN
        return self.points is None and (self.lower_wins or self.rank is not None)


class ReviewOf(StrEnum):
    """What the range between judges is measured on: what the panel works with, or the sums of the sheets."""

    VALUE = "value"
    TOTAL = "total"


class ReviewUse(StrEnum):
    """What review marks do: they replace that judge's value, join the others, or the two closest of all count."""

    REPLACE = "replace"
    MEAN = "mean"
    CLOSEST_TWO = "closest_two"


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """Judges who are `spread` or more apart look again."""

    spread: Decimal
    of: ReviewOf
    use: ReviewUse
    required: bool
