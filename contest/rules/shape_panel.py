"""What a rule file says about the panel, as frozen values: what is dropped, what is taken, what a missing mark does."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.rules.numbers import Rounding


class PanelOf(StrEnum):
    """What the panel drops and averages: whole sheets, the marks of each criterion; NONE: the round has no judges."""

    SHEETS = "sheets"
    CRITERIA = "criteria"
    NONE = "none"


class Take(StrEnum):
    """What is taken of the marks that remain; majority: places by the skating system, one dance per criterion."""

    MEAN = "mean"
    SUM = "sum"
    MEDIAN = "median"
    MAJORITY = "majority"


class Missing(StrEnum):
    """What a mark that is not there does: the entry waits, it is left out before dropping, it is 0."""

    INCOMPLETE = "incomplete"
    LEAVE_OUT = "leave_out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Trim:
    """How many of the highest and lowest marks are dropped."""

    high: int
    low: int


@dataclass(frozen=True, slots=True)
class PanelRule:
    """From the judges' marks to the panel's score.

    `middle`: only so many in the middle count; `drop_beyond`: those farther from the median do not; `merge_extremes`:
    the highest and the lowest are averaged into one; `need`: the share of passes with which a vote is carried.
    """

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
    middle: int | None = None
    drop_beyond: Decimal | None = None
    merge_extremes: bool = False
    need: Fraction | None = None

    def trim_for(self, marks: int) -> Trim:
        """What is dropped when this many marks are there. Of an odd number around the middle one more is a high one."""
        if self.middle is not None:
            beyond = max(marks - self.middle, 0)
            return Trim(beyond - beyond // 2, beyond // 2)
        return self.by_size.get(marks, self.trim)


# A round that is measured, not judged: its score begins at 0 and comes from recorded values.
NO_PANEL = PanelRule(None, PanelOf.NONE, Trim(0, 0), {}, Take.SUM, None, 1, Missing.INCOMPLETE, {}, None)
