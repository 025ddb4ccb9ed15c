"""What a rule file says about ties, as frozen values: what is compared, in which round, and which value wins."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.rules.shape_marks import AdjustmentKind, Criterion, Group


class TieBy(StrEnum):
    """What a tie-break compares."""

    MARKS = "marks"
    MEDIAN = "median"
    FIRSTS = "firsts"
    RECIPROCALS = "reciprocals"
    RANK_SUM = "rank_sum"
    HEAD_TO_HEAD = "head_to_head"
    TIEBREAK_JUDGE = "tiebreak_judge"
    CRITERION = "criterion"
    GROUP = "group"
    PANEL = "panel"
    UNROUNDED = "unrounded"
    ADJUSTMENT = "adjustment"
    MEASURED = "measured"
    PENALTIES = "penalties"
    ATTEMPT = "attempt"
    SCORE = "score"
    ROUND_RANK = "round_rank"
    LOTS = "lots"


# What looks at the places that the judges gave, and what has one value after the other.
BY_PLACES = (TieBy.FIRSTS, TieBy.RECIPROCALS, TieBy.RANK_SUM)
ONE_BY_ONE = (TieBy.MARKS, TieBy.TIEBREAK_JUDGE, TieBy.ATTEMPT, TieBy.MEASURED)


class TieOf(StrEnum):
    """Which part: all judges' marks or the counted ones; the sum or number of penalties; the best attempt or others."""

    ALL = "all"
    COUNTED = "counted"
    SUM = "sum"
    NUMBER = "number"
    BEST = "best"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One link of a tie-break chain. `round` None means the round that is being ranked.

    `first` is where a comparison of one value after the other begins; `upto` the last place that counts as a first.
    `stated`: the file itself says which value wins.
    """

    by: TieBy
    of: TieOf | None
    first: int
    criterion: Criterion | None
    kind: AdjustmentKind | None
    round: str | None
    higher_wins: bool
    group: Group | None = None
    upto: int = 1
    stated: bool = True
