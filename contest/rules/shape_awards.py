"""What a rule file says about awards, as frozen values: who may get one, how many there are, what a tie does."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contest.rules.numbers import RoundingMode
from contest.rules.shape import Text


class AwardSize(StrEnum):
    """How the number of an award is written: a count, a share of those ranked, the places to here, or all others."""

    COUNT = "count"
    SHARE = "share"
    TOP = "top"
    REST = "rest"


class AwardTies(StrEnum):
    """What a place shared across the last one does: all who share it get the award, or none of them does."""

    EXTEND = "extend"
    SHRINK = "shrink"


class AwardPer(StrEnum):
    """What an award is given out for, where not for the whole contest."""

    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class AwardRules:
    """One award; the first of the file is the highest. `round` None means the result out of several rounds.

    `number` is a count, a share of 1 or a place, by `size`; a rest has 0. `mode` is how a share is rounded.
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
