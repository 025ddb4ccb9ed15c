"""What a rule file says about several attempts in a round, as frozen values: which count, what a missing one does."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contest.rules.numbers import Rounding
from contest.rules.shape_chain import ChainStep
from contest.rules.shape_marks import AdjustmentKind


class AttemptsTake(StrEnum):
    """What the attempts of an entry become."""

    BEST = "best"
    WORST = "worst"
    SUM = "sum"
    MEAN = "mean"
    LAST = "last"


class MissingAttempt(StrEnum):
    """What an attempt of which nothing is recorded does: the entry waits, it is left out, or it counts 0."""

    INCOMPLETE = "incomplete"
    LEAVE_OUT = "leave_out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class AttemptsRule:
    """The attempts of a round and what is made of their scores.

    `best_of`: only so many of the best are added up or averaged; None: all. `after` is what happens then, with the
    values of `adjustments`, which belong to no single attempt. `places` are the decimals of one attempt's score.
    """

    count: int
    take: AttemptsTake
    best_of: int | None
    missing: MissingAttempt
    rounding: Rounding | None
    after: tuple[ChainStep, ...]
    adjustments: tuple[AdjustmentKind, ...]
    places: int
