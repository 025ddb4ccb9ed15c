"""What a rule file says about the panel, as frozen values: what is dropped, what is taken, what a missing mark does."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contest.rules.numbers import Rounding


class PanelOf(StrEnum):
    """What the panel drops and averages: whole sheets, the marks of each criterion; NONE: the round has no judges."""

    SHEETS = "sheets"
    CRITERIA = "criteria"
    NONE = "none"


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


# A round that is measured, not judged: its score begins at 0 and comes from recorded values.
NO_PANEL = PanelRule(None, PanelOf.NONE, Trim(0, 0), {}, Take.SUM, None, 1, Missing.INCOMPLETE, {}, None)
