"""What a recount gives: scores, standings and the steps that led there, and their form as JSON."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    `groups` are the nodes of the indicator tree; `measured` as in an attempt.
    """

    sheets: tuple[SheetScore, ...]
    components: tuple[ComponentScore, ...]
    panel: Decimal | None
    adjustments: tuple[AppliedAdjustment, ...]
    score: Decimal | None
    attempts: tuple[AttemptScore, ...] = ()
    groups: tuple[GroupScore, ...] = ()
    measured: tuple[AppliedAdjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of a ranking. Outside the ranking place and score are None and status says why.

    `mean_place` is there where the rules give those who share places the mean of them (1.5, 1.5).
    """

    place: int | None
    entry: str
    division: str | None
    score: Decimal | None
    status: str | None
    steps: tuple[Step, ...]
    mean_place: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """A round's standings and each entry's score."""

    standings: tuple[Standing, ...]
    scores: Mapping[str, EntryScore]


@dataclass(frozen=True, slots=True)
class GivenAward:
    """An award as it was given: (entry, place) of those who get it, by place. `division` where it is one division's.

    `quota` is the number the rules allow (for an award by places the last place), before ties and minimum scores.
    """

    award: str
    title: Text
    division: str | None
    quota: int
    entries: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The contest's standings, those of each round, the ranking across divisions where the rules have one, awards."""

    standings: tuple[Standing, ...]
    rounds: Mapping[str, RoundOutcome]
    overall: tuple[Standing, ...] | None
    awards: tuple[GivenAward, ...] = ()


def argument_json(value: Any) -> Any:
    """A step's argument for JSON: decimals as strings, texts as {zh, en}."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, (list, tuple)):
        return [argument_json(item) for item in value]
    return value


def _steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    from contest.rules.saying import LANGUAGES, say
    return [
        {
            "code": step.code,
            "args": {key: argument_json(value) for key, value in step.args.items()},
            "text": {lang: say(step, lang) for lang in LANGUAGES},
        }
        for step in steps
    ]


def _row(standing: Standing, with_division: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"place": standing.place}
    if standing.mean_place is not None:
        row["mean_place"] = format(standing.mean_place, "f")
    row["entry"] = standing.entry
    if with_division:
        row["division"] = standing.division
    row["score"] = None if standing.score is None else format(standing.score, "f")
    if standing.status is not None:
        row["status"] = str(standing.status)
    row["steps"] = _steps(standing.steps)
    return row


def _award(given: GivenAward) -> dict[str, Any]:
    row: dict[str, Any] = {"award": given.award, "title": argument_json(given.title)}
    if given.division is not None:
        row["division"] = given.division
    row["entries"] = [{"entry": entry, "place": place} for entry, place in given.entries]
    row["steps"] = _steps(given.steps)
    return row


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The object of `--json` and of standings.json: the same facts and rules always give the same object."""
    rankings = [outcome.standings, *(round.standings for round in outcome.rounds.values())]
    divided = any(standing.division is not None for ranking in rankings for standing in ranking)

    def rows(standings: tuple[Standing, ...]) -> list[dict[str, Any]]:
        return [_row(standing, divided) for standing in standings]

    result: dict[str, Any] = {
        "standings": rows(outcome.standings),
        "rounds": {id: {"standings": rows(round.standings)} for id, round in outcome.rounds.items()},
    }
    if outcome.overall is not None:
        result["overall"] = rows(outcome.overall)
    if outcome.awards:
        result["awards"] = [_award(given) for given in outcome.awards]
    return result
