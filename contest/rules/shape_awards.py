"""What a rule file says about awards, as frozen values: who may get one, how many there are, what a tie does."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.rules.numbers import RoundingMode
from contest.rules.shape_marks import Text
from contest.rules.shape_ties import TieBreak


class AwardSize(StrEnum):
    """How the number of an award is written.

    A count, a share of those ranked, the places to here, everyone from a score on, a part of a number that several
    awards have together, or all others.
    """

    COUNT = "count"
    SHARE = "share"
    TOP = "top"
    LINE = "line"
    RATIO = "ratio"
    REST = "rest"


class AwardTies(StrEnum):
    """What a place shared across the last one does: all who share it get it, none of them, or a chain decides."""

    EXTEND = "extend"
    SHRINK = "shrink"
    BREAK = "break"


class AwardPer(StrEnum):
    """What an award is given out for, where not for the whole contest."""

    DIVISION = "division"


class AwardOf(StrEnum):
    """What a share is a share of: those with a place, those with a place and no award yet, or all who took part."""

    RANKED = "ranked"
    FREE = "free"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class AwardRules:
    """One award; the first of the file is the highest. `round` None means the result out of several rounds.

    `number` is a count, a share of 1, a place, a score or a part of a ratio, by `size`; a rest has 0. `mode` is how a
    share is rounded; `share` is the exact one, and of an award by ratio what all of these awards have together, while
    `upper` and `lower` are the shares of it that begin and end this award. `chain` breaks a tie at the cut.
    """

    id: str
    title: Text
    round: str | None
    size: AwardSize
    number: Decimal
    mode: RoundingMode | None
    min_score: Decimal | None
    ties: AwardTies
    per: AwardPer | None
    of: AwardOf = AwardOf.RANKED
    share: Fraction | None = None
    upper: Fraction = Fraction(0)
    lower: Fraction = Fraction(1)
    limit: int | None = None
    chain: tuple[TieBreak, ...] = ()
