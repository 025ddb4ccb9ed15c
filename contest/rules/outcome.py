"""What a recount gives: scores, standings, awards and the steps that led there."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contest.rules.shape import Text


class Status(StrEnum):
    """Why an entry is outside the ranking; of several the first named here is told."""

    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"
    MISSED_ROUND = "missed_round"
    TOO_FEW_MARKS = "too_few_marks"
    INCOMPLETE = "incomplete"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: a code of words/*.toml and its arguments (str, int, Decimal, Text, or lists)."""

    code: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetScore:
    """One judge's sheet. `total` is None while incomplete or where sheets are not added up. dropped: high, low.

    `value` is what the panel worked with where that is not the total (a standard score, a place, points for a place),
    `place` the place this judge gave the entry, where the round works with places.
    """

    judge: str
    seat: str | None
    total: Decimal | None
    dropped: str | None
    value: Decimal | None = None
    place: Decimal | None = None

    @property
    def counted(self) -> Decimal | None:
        """What the panel worked with."""
        return self.total if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One criterion over all judges: marks are (judge, mark, dropped). Of a panel of sheets, the rest is None."""

    criterion: str
    marks: tuple[tuple[str, Decimal, str | None], ...]
    mean: Decimal | None
    factor: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class AppliedAdjustment:
    """What one kind did to the score, its values together and after every cap (a sum, or a factor)."""

    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What a node of the round's indicator tree comes to."""

    group: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class CarriedScore:
    """What another round adds to a score, its weight in it."""

    round: str
    title: Text
    value: Decimal


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """One attempt of an entry in a round (a run, a dive, a jump); `counted` says whether it is part of the score.

    `measured` are recorded values that do not act on the score as they are: a time, a distance, a number of answers.
    """

    attempt: int
    sheets: tuple[SheetScore, ...]
    components: tuple[ComponentScore, ...]
    panel: Decimal | None
    adjustments: tuple[AppliedAdjustment, ...]
    score: Decimal | None
    counted: bool
    measured: tuple[AppliedAdjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryScore:
    """An entry in a round, whether ranked or not; score is None while it cannot be computed.

    `attempts` is empty where the round has one; where it has several, the other parts are those of the best one.
    `groups` are the nodes of the indicator tree; `measured` as in an attempt. `carried` is what other rounds add; the
    score is with it, and `own` without. `tiebreak` are the sheets of judges who only part tied entries; `unrounded` is
    the score before its last rounding, where a chain asks for it.
    """

    sheets: tuple[SheetScore, ...]
    components: tuple[ComponentScore, ...]
    panel: Decimal | None
    adjustments: tuple[AppliedAdjustment, ...]
    score: Decimal | None
    attempts: tuple[AttemptScore, ...] = ()
    groups: tuple[GroupScore, ...] = ()
    measured: tuple[AppliedAdjustment, ...] = ()
    own: Decimal | None = None
    carried: tuple[CarriedScore, ...] = ()
    tiebreak: tuple[SheetScore, ...] = ()
    unrounded: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of a ranking. Outside the ranking place and score are None and status says why.

    `mean_place` is there where the rules give those who share places the mean of them (1.5, 1.5). `block` counts up
    where some are ranked below all others on a scale of their own, so that their scores are never compared. Where
    `ruled`, a ruling gave the place, and `computed_place` is what the rules make of the marks.
    """

    place: int | None
    entry: str
    division: str | None
    score: Decimal | None
    status: str | None
    steps: tuple[Step, ...]
    mean_place: Decimal | None = None
    block: int = 0
    ruled: bool = False
    computed_place: int | None = None


@dataclass(frozen=True, slots=True)
class Advancing:
    """Who goes on from a round to the round `to`, and who is on the reserve list: (entry, place), each by place.

    `ruled` are those whom a ruling sent on or kept back, with what the rules alone say; they are in `entries` or not.
    """

    to: str
    division: str | None
    quota: int
    entries: tuple[tuple[str, int | None], ...]
    reserve: tuple[tuple[str, int], ...]
    ruled: Mapping[str, bool]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """A round's standings, each entry's score, and who goes on (one list, or one for each division)."""

    standings: tuple[Standing, ...]
    scores: Mapping[str, EntryScore]
    advancing: tuple[Advancing, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenAward:
    """An award as it was given: (entry, place) of those who get it, by place. `division` where it is one division's.

    `quota` is the number the rules allow (for an award by places the last place), before ties and minimum scores.
    `ruled_in` are those of `entries` whom a ruling gave it, with the award the rules alone give them (None: none);
    `ruled_out` those to whom the rules alone give it.
    """

    award: str
    title: Text
    division: str | None
    quota: int
    entries: tuple[tuple[str, int | None], ...]
    steps: tuple[Step, ...]
    ruled_in: Mapping[str, str | None] = field(default_factory=dict)
    ruled_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The contest's standings, those of each round, the ranking across divisions where the rules have one, awards."""

    standings: tuple[Standing, ...]
    rounds: Mapping[str, RoundOutcome]
    overall: tuple[Standing, ...] | None
    awards: tuple[GivenAward, ...] = ()
