"""What a rule file says about several rounds, as frozen values: the result, what is carried over, who goes on."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.rules.numbers import Rounding, RoundingMode
from contest.rules.shape_awards import AwardTies
from contest.rules.shape_chain import ChainStep
from contest.rules.shape_ranking import PLAIN_RANKING, RankingRules
from contest.rules.shape_ties import TieBreak


class ResultTake(StrEnum):
    """What is made of the rounds' scores, each with its weight."""

    SUM = "sum"
    MEAN = "mean"
    BEST = "best"
    LAST = "last"


class MissedRound(StrEnum):
    """What a deciding round does that an entry was not in: out of the ranking, left out of the sum, or a 0."""

    OUT = "out"
    LEAVE_OUT = "leave_out"
    ZERO = "zero"


class BelowTake(StrEnum):
    """By what those who did not go on are ranked among themselves: their score, or the sum of their counted sheets."""

    SCORE = "score"
    SHEET_SUM = "sheet_sum"


@dataclass(frozen=True, slots=True)
class ResultRules:
    """Which rounds decide the contest. With one round the result is that round; weights None means the plain sum.

    `best` is how many rounds count (None: all). `not_advanced` names rounds, the latest first: whoever was in one of
    them and in no later one of them or of the deciding ones is ranked by it, in a block below all who went further.
    """

    rounds: tuple[str, ...]
    weights: Mapping[str, Decimal] | None
    rounding: Rounding | None
    tie_break: tuple[TieBreak, ...]
    overall: bool
    ranking: RankingRules = PLAIN_RANKING
    take: ResultTake = ResultTake.SUM
    best: int | None = None
    missing: MissedRound = MissedRound.OUT
    after: tuple[ChainStep, ...] = ()
    not_advanced: tuple[str, ...] = ()
    below: BelowTake = BelowTake.SCORE

    @property
    def only(self) -> str | None:
        """The round whose ranking is the result, where there is one."""
        return self.rounds[0] if len(self.rounds) == 1 and not self.not_advanced else None


@dataclass(frozen=True, slots=True)
class CarryRule:
    """Scores of other rounds, as these rounds gave them, that are added before a round is ranked."""

    weights: Mapping[str, Decimal]
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class AdvanceRule:
    """Who goes on to the round `to`: the first `top`, a `share` of those ranked, or all from `min_score` on."""

    to: str
    top: int | None
    share: Fraction | None
    mode: RoundingMode | None
    min_score: Decimal | None
    reserve: int
    ties: AwardTies
    chain: tuple[TieBreak, ...]
    by_division: bool
