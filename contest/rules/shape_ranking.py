"""What a rule file says about places, as frozen values: which score is better and what those who are equal get."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which value wins."""

    HIGHER = "higher"
    LOWER = "lower"


class Shared(StrEnum):
    """Which place those who share one get: the first (1, 1, 3), the mean (1.5, 1.5, 3), or none skipped (1, 1, 2)."""

    MIN = "min"
    MEAN = "mean"
    DENSE = "dense"


class Order(StrEnum):
    """Whether places may be shared in the end, or everyone must be told apart, at last by recorded lots."""

    SHARED = "shared"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class RankingRules:
    """How scores become places: in a round, or in the result out of several."""

    higher_wins: bool = True
    shared: Shared = Shared.MIN
    forced: bool = False


PLAIN_RANKING = RankingRules()
