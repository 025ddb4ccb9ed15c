"""Verbs: change the rules of a contest that is being judged: proposed with a reason, confirmed by a second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import awarding, entering, facts, fitting, ledger, queries, settling
from contest.errors import AlreadyProposed, NothingProposed, ReasonMissing, RulesUnusable, SecondPersonNeeded
from contest.ledger import Actor
from contest.models import Account, Action, Contest, Round, RuleChange
from contest.naming import clean_paragraphs
from contest.refusals import RoundsSealed, RulesMoved, RulesSame
from contest.rules import Outcome, RuleFileError, Rules, Standing, Text, compute, outcome_json, read_rules

LONGEST_REASON = 500
RESULT, OVERALL = "result", "overall"


@dataclass(frozen=True)
class Move:
    """An entry whose place or score is another one by the new rules.

    `ranking`: "round" (its code in `round`), "result" of several rounds, or "overall" across divisions. Scores are
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
    return _effect(db, contest, _in_force(db, contest), rules)


def propose(
    db: Session, contest: Contest, *, rules: Rules, reason: str, account: Account, by: Actor, now: datetime
) -> RuleChange:
    """Propose other rules; they count when a second person confirms, in an office of one at once.

    Raises ReasonMissing, TextRefused for a reason that is too long, AlreadyProposed, RulesSame, RulesUnfit,
    RoundsSealed where a sealed result would move.
    """
    ledger.lock(db, contest)
    written = clean_paragraphs(reason, field="reason", most=LONGEST_REASON)
    if not written:
        raise ReasonMissing
    if open_change(db, contest) is not None:
        raise AlreadyProposed
    moved = _allowed(db, contest, rules)
    base = queries.rule_version(db, contest)
    change = RuleChange(
        contest_id=contest.id, base_id=base.id, source=rules.data, sha256=rules.sha256, reason=written,
        proposer_id=account.id, proposed_at=now,
    )  # fmt: skip
    db.add(change)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_PROPOSED, subject=f"contest:{contest.public_id}", now=now,
        payload={
            "approval": change.public_id, "act": "rules", "reason": written, "before": base.sha256,
            "sha256": rules.sha256, "places": moved.places,
        },
    )  # fmt: skip
    if contest.one_person:
        _carry_out(db, contest, change, rules, moved, None, by, now)
    return change


def withdraw(db: Session, contest: Contest, *, public_id: str, by: Actor, now: datetime) -> RuleChange:
    """Take an open proposal back. Raises NotFound, NothingProposed where it is decided already."""
    ledger.lock(db, contest)
    change = _open(db, contest, public_id)
    change.withdrawn_at = now
    ledger.append(
        db, contest, by=by, action=Action.APPROVAL_WITHDRAWN, subject=f"contest:{contest.public_id}", now=now,
        payload={"approval": change.public_id, "act": "rules"},
    )  # fmt: skip
    return change


def confirm(
    db: Session, contest: Contest, *, public_id: str, account: Account, by: Actor, now: datetime
) -> RuleChange:  # fmt: skip
    """The second person's yes: the proposed rules are the next version. In an office of one the proposer may say it.

    Raises NotFound, NothingProposed, SecondPersonNeeded, RulesMoved where other rules came into force meanwhile,
    RulesUnusable, and whatever would stand in the way of proposing it now.
    """
    ledger.lock(db, contest)
    change = _open(db, contest, public_id)
    alone = change.proposer_id == account.id
    if alone and not contest.one_person:
        raise SecondPersonNeeded
    newest = queries.rule_version(db, contest)
    if newest.id != change.base_id:
        raise RulesMoved(number=newest.number)
    try:
        rules = read_rules(change.source)
    except RuleFileError as error:
        raise RulesUnusable(detail=str(error)) from error
    moved = _allowed(db, contest, rules)
    _carry_out(db, contest, change, rules, moved, None if alone else account, by, now)
    return change


def open_change(db: Session, contest: Contest) -> RuleChange | None:
    """The proposal that waits for a second person, if there is one."""
    return db.scalars(
        select(RuleChange)
        .where(RuleChange.contest_id == contest.id, RuleChange.confirmed_at.is_(None),
               RuleChange.withdrawn_at.is_(None))
        .options(joinedload(RuleChange.proposer), joinedload(RuleChange.base))
    ).one_or_none()  # fmt: skip


def adopted(db: Session, contest: Contest) -> Sequence[RuleChange]:
    """The changes that were confirmed, oldest first, with their versions and people."""
    return db.scalars(
        select(RuleChange).where(RuleChange.contest_id == contest.id, RuleChange.confirmed_at.is_not(None))
        .order_by(RuleChange.id)
        .options(joinedload(RuleChange.version), joinedload(RuleChange.proposer), joinedload(RuleChange.confirmer))
    ).all()  # fmt: skip


def moves_of(change: RuleChange) -> list[Move]:
    """What a confirmed change moved, as it was computed when it was confirmed."""
    return [Move(**row) for row in json.loads(change.effect or "{}").get("moves", [])]


def _in_force(db: Session, contest: Contest) -> Rules:
    return queries.rules_of(queries.rule_version(db, contest))


def _open(db: Session, contest: Contest, public_id: str) -> RuleChange:
    change = queries.only(
        db, select(RuleChange).where(RuleChange.contest_id == contest.id, RuleChange.public_id == public_id)
    )
    if not change.is_open:
        raise NothingProposed
    return change


def _allowed(db: Session, contest: Contest, rules: Rules) -> Effect:
    moved = effect(db, contest, rules)
    if moved.sealed:
        raise RoundsSealed(rounds=list(moved.sealed))
    return moved


def _carry_out(
    db: Session, contest: Contest, change: RuleChange, rules: Rules, moved: Effect, confirmer: Account | None,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    settling.keep_rounds(db, contest, rules, begun=True)
    change.alone, change.confirmer, change.confirmed_at = confirmer is None, confirmer, now
    change.effect = ledger.canonical({"moves": [vars(move) for move in moved.moves]})
    because: dict[str, object] = {
        "approval": change.public_id, "before": change.base.sha256, "reason": change.reason, "places": moved.places,
    }
    version = entering.adopt_rules(
        db, contest, rules=rules, by=by, now=now, because=because | ({"alone": 1} if change.alone else {})
    )
    change.version = version
    db.flush()


def _effect(db: Session, contest: Contest, old: Rules, new: Rules) -> Effect:
    if old.sha256 == new.sha256:
        raise RulesSame
    for misfit in fitting.misfits(db, contest, old, new):
        raise misfit
    found = facts.read(db, contest)
    before, after = compute(old, found), compute(new, found)
    moves = tuple(move for key in _rankings(before, after) for move in _moves(key, before, after))
    return Effect(moves, tuple(_awards(before, after)), tuple(_sealed(db, contest, (old, before), (new, after))))


def _rankings(before: Outcome, after: Outcome) -> list[tuple[str, str]]:
    rounds = dict.fromkeys([*after.rounds, *before.rounds])
    return [*(("round", code) for code in rounds), (RESULT, ""), (OVERALL, "")]


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


def _sealed(
    db: Session, contest: Contest, old: tuple[Rules, Outcome], new: tuple[Rules, Outcome]
) -> list[Text]:
    """The sealed rounds of which something would no longer be as it is sealed: standings with their reasons, awards."""
    official = [each.code for each in contest.rounds if each.is_official]
    return [old[0].rounds[code].title for code in official if _resting(code, *old) != _resting(code, *new)]


def _resting(code: str, rules: Rules, outcome: Outcome) -> object:
    """All that rests on a round's seal: its rows as they are stored, its scores, its awards, the result it completes."""
    whole = outcome_json(outcome)
    ids = {award.id for award in awarding.awards_of_round(rules, code)}
    # Why nobody else gets an award may be told otherwise as long as the same entries get it.
    given = [{**row, "steps": None} for row in whole.get("awards", []) if row["award"] in ids]
    ends = rules.result.rounds[-1] == code
    result = (whole["standings"], whole.get("overall")) if ends else None
    return whole["rounds"].get(code), outcome.rounds[code].scores if code in outcome.rounds else None, given, result
