"""What other rules would do to a contest as it stands: which places, scores and awards move, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contest import awarding, facts, fitting, queries
from contest.models import Contest
from contest.refusals import RulesSame
from contest.rules import Outcome, Rules, Standing, Text, compute, outcome_json

ROUND, RESULT, OVERALL = "round", "result", "overall"


@dataclass(frozen=True)
class Move:
    """An entry whose place or score is another one by the new rules.

    `ranking`: ROUND (its code in `round`), RESULT of several rounds, or OVERALL across divisions. Scores are
    written as the rules show them; outside the ranking place and score are None and the status says why.
    """

    ranking: str
    round: str
    entry: str
    place_before: int | None
    place: int | None
    score_before: str | None
    score: str | None
    status_before: str | None
    status: str | None


@dataclass(frozen=True)
class AwardMove:
    """An entry whose awards are others by the new rules, each by its title."""

    entry: str
    before: tuple[Text, ...]
    after: tuple[Text, ...]


@dataclass(frozen=True)
class Effect:
    """What other rules do to a contest as it stands. `sealed`: titles of the sealed rounds whose result would move."""

    moves: tuple[Move, ...]
    awards: tuple[AwardMove, ...]
    sealed: tuple[Text, ...]

    @property
    def places(self) -> int:
        """How many places move, each ranking for itself."""
        return sum(move.place_before != move.place for move in self.moves)


def effect(db: Session, contest: Contest, rules: Rules) -> Effect:
    """What `rules` would move, computed on all that is submitted so far, released or not.

    Raises RulesSame, and the first RulesUnfit of contest/fitting.py where something stored does not fit them.
    """
    old, new = queries.rules_of(queries.rule_version(db, contest)), rules
    if old.sha256 == new.sha256:
        raise RulesSame
    for misfit in fitting.misfits(db, contest, old, new):
        raise misfit
    found = facts.read(db, contest)
    before, after = compute(old, found), compute(new, found)
    moves = tuple(move for key in _rankings(before, after) for move in _moves(key, before, after))
    sealed = _sealed(contest, (old, before), (new, after))
    return Effect(moves, tuple(_awards(before, after)), tuple(sealed))


def _rankings(before: Outcome, after: Outcome) -> list[tuple[str, str]]:
    rounds = dict.fromkeys([*after.rounds, *before.rounds])
    return [*((ROUND, code) for code in rounds), (RESULT, ""), (OVERALL, "")]


def _standings(outcome: Outcome, key: tuple[str, str]) -> dict[str, Standing]:
    """A ranking by entry. A result that is one round's is told of that round alone."""
    ranking, code = key
    if ranking == RESULT:
        alike = any(each.standings == outcome.standings for each in outcome.rounds.values())
        rows: Sequence[Standing] = () if alike else outcome.standings
    elif ranking == OVERALL:
        rows = outcome.overall or ()
    else:
        rows = outcome.rounds[code].standings if code in outcome.rounds else ()
    return {row.entry: row for row in rows}


def _moves(key: tuple[str, str], before: Outcome, after: Outcome) -> list[Move]:
    old, new = _standings(before, key), _standings(after, key)
    found = []
    for entry in [*new, *(entry for entry in old if entry not in new)]:
        was, is_ = _shown(old.get(entry)), _shown(new.get(entry))
        if was != is_:
            found.append(Move(*key, entry, was[0], is_[0], was[1], is_[1], was[2], is_[2]))
    return found


def _shown(standing: Standing | None) -> tuple[int | None, str | None, str | None]:
    if standing is None:
        return None, None, None
    score = None if standing.score is None else format(standing.score, "f")
    return standing.place, score, standing.status


def _awards(before: Outcome, after: Outcome) -> list[AwardMove]:
    old, new = _titles(before), _titles(after)
    order = [*new, *(entry for entry in old if entry not in new)]
    return [
        AwardMove(entry, old.get(entry, ()), new.get(entry, ()))
        for entry in order if old.get(entry, ()) != new.get(entry, ())
    ]  # fmt: skip


def _titles(outcome: Outcome) -> dict[str, tuple[Text, ...]]:
    found: dict[str, tuple[Text, ...]] = {}
    for given in outcome.awards:
        for entry, _place in given.entries:
            found[entry] = (*found.get(entry, ()), given.title)
    return found


def _sealed(contest: Contest, old: tuple[Rules, Outcome], new: tuple[Rules, Outcome]) -> list[Text]:
    """The sealed rounds of which something would no longer be as it is sealed: standings with their reasons, awards."""
    official = [each.code for each in contest.rounds if each.is_official]
    return [old[0].rounds[code].title for code in official if _resting(code, *old) != _resting(code, *new)]


def _resting(code: str, rules: Rules, outcome: Outcome) -> object:
    """All that rests on a round's seal: its rows as they are stored, scores, awards, the result that it completes."""
    whole = outcome_json(outcome)
    ids = {award.id for award in awarding.awards_of_round(rules, code)}
    # Why nobody else gets an award may be told otherwise as long as the same entries get it.
    given = [{**row, "steps": None} for row in whole.get("awards", []) if row["award"] in ids]
    ends = rules.result.rounds[-1] == code
    result = (whole["standings"], whole.get("overall")) if ends else None
    return whole["rounds"].get(code), outcome.rounds[code].scores if code in outcome.rounds else None, given, result
