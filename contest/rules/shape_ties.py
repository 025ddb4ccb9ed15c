"""What a rule file says about ties, as frozen values: what is compared, in which round, and which value wins."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.rules.shape_marks import AdjustmentKind, Criterion


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
