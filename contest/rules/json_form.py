"""What a recount gives as JSON: the object of `--json` and of standings.json."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

from contest.rules.outcome import Advancing, GivenAward, Outcome, Standing, Step
from contest.rules.saying import LANGUAGES, say
from contest.rules.shape import Text


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
    if standing.block:
        row["block"] = standing.block
    if standing.ruled:
        row["computed_place"] = standing.computed_place
    if standing.status is not None:
        row["status"] = str(standing.status)
    row["steps"] = _steps(standing.steps)
    return row


def _award(given: GivenAward) -> dict[str, Any]:
    row: dict[str, Any] = {"award": given.award, "title": argument_json(given.title)}
    if given.division is not None:
        row["division"] = given.division
    row["entries"] = [
        {"entry": entry, "place": place} | ({"computed": given.ruled_in[entry]} if entry in given.ruled_in else {})
        for entry, place in given.entries
    ]
    if given.ruled_out:
        row["ruled_out"] = list(given.ruled_out)
    row["steps"] = _steps(given.steps)
    return row


def _advancing(one: Advancing) -> dict[str, Any]:
    row: dict[str, Any] = {"to": one.to}
    if one.division is not None:
        row["division"] = one.division
    row["entries"] = [
        {"entry": entry, "place": place} | ({"computed": one.ruled[entry]} if entry in one.ruled else {})
        for entry, place in one.entries
    ]
    row["reserve"] = [{"entry": entry, "place": place} for entry, place in one.reserve]
    row["steps"] = _steps(one.steps)
    return row


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The object of `--json` and of standings.json: the same facts and rules always give the same object."""
    rankings = [outcome.standings, *(round.standings for round in outcome.rounds.values())]
    divided = any(standing.division is not None for ranking in rankings for standing in ranking)

    def rows(standings: tuple[Standing, ...]) -> list[dict[str, Any]]:
        return [_row(standing, divided) for standing in standings]

    result: dict[str, Any] = {
        "standings": rows(outcome.standings),
        "rounds": {
            id: {"standings": rows(round.standings)} | (
                {"advancing": [_advancing(one) for one in round.advancing]} if round.advancing else {}
            )
            for id, round in outcome.rounds.items()
        },
    }
    if outcome.overall is not None:
        result["overall"] = rows(outcome.overall)
    if outcome.awards:
        result["awards"] = [_award(given) for given in outcome.awards]
    return result
