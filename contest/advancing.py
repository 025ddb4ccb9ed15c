"""Send the best of a round on to the next: where the cut falls, what becomes of ties at it, who moves up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import facts, ledger, ordering, queries, sealing
from contest.errors import Malformed, NotFound, ReasonMissing
from contest.ledger import Actor
from contest.models import Action, Appearance, Contest, Entry, Round, RoundState, Ruling, RulingKind
from contest.naming import clean_paragraphs
from contest.refusals import NobodyLeft, NotRanked, OrderFixed
from contest.rules import Advancing, compute, outcome_json

RANKED = (RoundState.LOCKED, RoundState.SEALED, RoundState.PUBLISHED)
# What happens where several share the last place that would go on: all of them, or none; or all is as the rules say.
BY_RULE = "rule"
TIES = ("all", "fewer", BY_RULE)


@dataclass(frozen=True)
class Ranked:
    """A row of a round's ranking; `place` is None outside it."""

    entry: Entry
    place: int | None
    division: str | None
    score: str | None
    status: str | None
    number: str


def source_of(db: Session, contest: Contest, round_: Round) -> Round | None:
    """The round before this one."""
    return db.scalars(
        select(Round).where(Round.contest_id == contest.id, Round.position < round_.position)
        .order_by(Round.position.desc()).limit(1)
    ).one_or_none()  # fmt: skip


def ranking(db: Session, contest: Contest, source: Round) -> list[Ranked]:
    """A round's standings as its newest seal has them; of a locked round as they are now. Raises NotRanked."""
    if source.state not in RANKED:
        raise NotRanked(why="state")
    seal = sealing.last_seal(db, source) if source.is_official else None
    if seal is not None:
        rows = json.loads(seal.standings)["standings"]
    else:
        rules = queries.rules_of(queries.rule_version(db, contest))
        rows = outcome_json(compute(rules, facts.read(db, contest)))["rounds"][source.code]["standings"]
    entries = {entry.code: entry for entry in db.scalars(select(Entry).where(Entry.contest_id == contest.id))}
    numbers = {each.entry_id: each.number for each in queries.appearances_in_order(db, source)}
    return [
        Ranked(
            entries[row["entry"]], row["place"], row.get("division"), row["score"], row.get("status"),
            numbers.get(entries[row["entry"]].id, row["entry"]),
        )
        for row in rows if row["entry"] in entries
    ]  # fmt: skip


def by_rule(db: Session, contest: Contest, source: Round, round_: Round) -> Sequence[Advancing]:
    """Who goes on from one round to the other as the newest rules say: one list, or one for each division.

    Empty where the rules leave it to the organizer, or rank otherwise than the seal of the round does.
    """
    rules = queries.rules_of(queries.rule_version(db, contest))
    own = rules.rounds.get(source.code)
    if own is None or own.advance is None or own.advance.to != round_.code:
        return ()
    outcome = compute(rules, facts.read(db, contest)).rounds[source.code]
    sealed = {row.entry.code: row.place for row in ranking(db, contest, source)}
    places = {standing.entry: standing.place for standing in outcome.standings}
    return outcome.advancing if places == sealed else ()


def _chosen(db: Session, contest: Contest, source: Round, round_: Round, most: int, ties: str) -> list[Ranked]:
    rows = ranking(db, contest, source)
    if ties != BY_RULE:
        return cut(rows, most=most, ties=ties)
    ranked = {row.entry.code: row for row in rows}
    return [ranked[code] for one in by_rule(db, contest, source, round_) for code, _ in one.entries if code in ranked]


def cut(rows: Sequence[Ranked], *, most: int, ties: str) -> list[Ranked]:
    """The first `most` of each division; where the cut goes through a tie, all who share it or none of them."""
    chosen = []
    for division in dict.fromkeys(row.division for row in rows):
        placed = [row for row in rows if row.division == division and row.place is not None]
        kept = placed[:most]
        if len(placed) > most and kept and placed[most].place == kept[-1].place:
            shared = kept[-1].place
            kept = [row for row in placed if row.place is not None and shared is not None and (
                row.place <= shared if ties == "all" else row.place < shared
            )]  # fmt: skip
        chosen += kept
    return chosen


def tied_at(rows: Sequence[Ranked], *, most: int) -> bool:
    """Whether the cut goes through a tie in any division."""
    return len(cut(rows, most=most, ties="all")) != len(cut(rows, most=most, ties="fewer"))


def sent_on(db: Session, round_: Round) -> list[Ruling]:
    """The standing rulings that brought entries into a round, best first."""
    found = db.scalars(
        select(Ruling).where(
            Ruling.round_id == round_.id, Ruling.kind == RulingKind.ADVANCE, Ruling.cancelled_at.is_(None)
        )
    )  # fmt: skip
    return sorted(found, key=lambda ruling: (int(ruling.value or 0), ruling.id))


def advance(
    db: Session, contest: Contest, *, round_: Round, most: int, ties: str, by: Actor, now: datetime
) -> list[Ruling]:
    """Send the first `most` of the round before on to this one; pressed again before the draw, it is decided anew.

    With `ties` "rule" the rule file says who goes on, and `most` is not looked at.

    Raises NotRanked, OrderFixed once this round has an order, Malformed.
    """
    ledger.lock(db, contest)
    if ties not in TIES or not 1 <= most <= 9999:
        raise Malformed(what="ties" if ties not in TIES else "most")
    source = source_of(db, contest, round_)
    if source is None:
        raise NotFound
    _must_be_undrawn(db, round_)
    chosen = _chosen(db, contest, source, round_, most, ties)
    if not chosen:
        raise NotRanked(why="nobody")
    for old in sent_on(db, round_):
        old.cancelled_at = now
    made = [_send(contest, round_, row.entry, at, now) for at, row in enumerate(chosen, start=1)]
    db.add_all(made)
    db.flush()
    seal = sealing.last_seal(db, source) if source.is_official else None
    ledger.append(
        db, contest, by=by, action=Action.ENTRIES_ADVANCED, subject=f"round:{round_.public_id}", now=now,
        payload={
            "from": source.code, "seal": seal.number if seal else 0, "most": most, "ties": ties,
            "entries": [row.entry.public_id for row in chosen],
        },
    )  # fmt: skip
    return made


def move_up(
    db: Session, contest: Contest, *, round_: Round, entry: Entry, reason: str, by: Actor, now: datetime
) -> Entry:
    """Somebody who was sent on withdraws before the draw: the next of the ranking takes the place.

    The next of the same division, where there are several. Raises ReasonMissing, OrderFixed, NotFound, NobodyLeft.
    """
    ledger.lock(db, contest)
    reason = clean_paragraphs(reason, field="reason", most=ordering.LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    _must_be_undrawn(db, round_)
    source = source_of(db, contest, round_)
    standing = {ruling.entry_id: ruling for ruling in sent_on(db, round_)}
    if source is None or entry.id not in standing:
        raise NotFound
    rows = ranking(db, contest, source)
    division = next((row.division for row in rows if row.entry.id == entry.id), None)
    passed = set(standing) | _left(db, round_) | set(ordering.withdrawn(db, contest, source))
    following = next(
        (row for row in rows if row.place is not None and row.division == division and row.entry.id not in passed), None
    )
    if following is None:
        raise NobodyLeft
    leaving = standing[entry.id]
    leaving.cancelled_at, leaving.reason = now, reason
    last = max(int(ruling.value or 0) for ruling in standing.values())
    db.add(_send(contest, round_, following.entry, last + 1, now))
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.ENTRIES_ADVANCED, subject=f"round:{round_.public_id}", now=now,
        payload={"leaves": entry.public_id, "follows": following.entry.public_id, "reason": reason},
    )  # fmt: skip
    return following.entry


def _send(contest: Contest, round_: Round, entry: Entry, at: int, now: datetime) -> Ruling:
    return Ruling(
        contest_id=contest.id, round_id=round_.id, entry_id=entry.id, kind=RulingKind.ADVANCE, value=str(at),
        created_at=now,
    )  # fmt: skip


def _left(db: Session, round_: Round) -> set[int | None]:
    """Who was sent on and then gave the place up: only that leaves a reason on the ruling."""
    return set(db.scalars(
        select(Ruling.entry_id).where(
            Ruling.round_id == round_.id, Ruling.kind == RulingKind.ADVANCE, Ruling.cancelled_at.is_not(None),
            Ruling.reason != "",
        )
    ))  # fmt: skip


def _must_be_undrawn(db: Session, round_: Round) -> None:
    if db.scalar(select(Appearance.id).where(Appearance.round_id == round_.id).limit(1)) is not None:
        raise OrderFixed(why="drawn")
