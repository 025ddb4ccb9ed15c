"""What the page of a rule change shows: the proposal or the draft, what it moves, what stands in the way, versions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import amending, drafting, effects, fitting
from contest import queries as shared
from contest.effects import Effect, Move
from contest.errors import ContestError
from contest.models import (
    Account,
    Action,
    Appearance,
    Contest,
    Entry,
    LedgerRow,
    Round,
    RuleChange,
    RuleDraft,
    RuleVersion,
)  # fmt: skip
from contest.refusals import RoundsSealed, RulesSame
from contest.rules import RuleFileError, Rules, Text, read_rules, say_status
from organizer import rule_differences

MOST_MISFITS = 8


@dataclass(frozen=True)
class Version:
    """A rule version with who put it in force: the change that made it, or the account the ledger names."""

    row: RuleVersion
    change: RuleChange | None
    who: str
    moved: int


@dataclass(frozen=True)
class Ranking:
    """The moves of one ranking; without a `title` it is the result or the one across divisions, as `kind` says."""

    kind: str
    title: Text | None
    moves: Sequence[Move]


@dataclass(frozen=True)
class Proposed:
    """A rule file that may come into force: what is new in it, what it moves, what stands in its way."""

    rules: Rules
    lines: Sequence[rule_differences.Line]
    words: Sequence[str]
    effect: Effect | None
    obstacles: Sequence[ContestError]
    more: bool
    rankings: Sequence[Ranking]
    released: int

    @property
    def may_be_proposed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


@dataclass(frozen=True)
class Room:
    """The whole page."""

    version: RuleVersion
    change: RuleChange | None
    draft: RuleDraft | None
    unreadable: RuleFileError | None
    proposed: Proposed | None
    labels: Mapping[tuple[str, str], str]
    statuses: Mapping[str, str]
    versions: Sequence[Version]


def room(db: Session, contest: Contest, *, lang: str) -> Room:
    """The open proposal, else the draft, with all that is said about it, and every version so far."""
    version = shared.rule_version(db, contest)
    change, draft = amending.open_change(db, contest), drafting.read_draft(db, contest)
    source = change.source if change is not None else draft.source if draft is not None else None
    proposed, unreadable = None, None
    if source is not None:
        try:
            proposed = _proposed(db, contest, shared.rules_of(version), read_rules(source), lang)
        except RuleFileError as error:
            unreadable = error
    statuses = {each for ranking in (proposed.rankings if proposed else ()) for move in ranking.moves
                for each in (move.status, move.status_before) if each}  # fmt: skip
    return Room(
        version, change, draft, unreadable, proposed, _labels(db, contest),
        {each: say_status(each, lang) for each in statuses}, _versions(db, contest),
    )  # fmt: skip


def _proposed(db: Session, contest: Contest, old: Rules, new: Rules, lang: str) -> Proposed:
    moved, obstacles, more = None, list[ContestError](), False
    misfits = list(islice(fitting.misfits(db, contest, old, new), MOST_MISFITS + 1))
    if old.sha256 == new.sha256:
        obstacles = [RulesSame()]
    elif misfits:
        obstacles, more = list(misfits[:MOST_MISFITS]), len(misfits) > MOST_MISFITS
    else:
        moved = effects.effect(db, contest, new)
        obstacles = [RoundsSealed(rounds=list(moved.sealed))] if moved.sealed else []
    titles = {code: round_.title for rules in (old, new) for code, round_ in rules.rounds.items()}
    rankings: dict[tuple[str, str], list[Move]] = {}
    for move in moved.moves if moved else ():
        rankings.setdefault((move.ranking, move.round), []).append(move)
    return Proposed(
        new, rule_differences.lines(old.data, new.data), rule_differences.words(old, new, lang), moved, obstacles, more,
        [Ranking(kind, titles.get(code), moves) for (kind, code), moves in rankings.items()],
        _released(db, contest, moved),
    )  # fmt: skip


def _released(db: Session, contest: Contest, moved: Effect | None) -> int:
    """How many scores that are out would be others at once."""
    out = set(db.execute(
        select(Round.code, Entry.code).select_from(Appearance).join(Appearance.round).join(Appearance.entry)
        .where(Round.contest_id == contest.id, Appearance.released_at.is_not(None))
    ).all())  # fmt: skip
    return sum((move.round, move.entry) in out for move in (moved.moves if moved else ()))


def _labels(db: Session, contest: Contest) -> dict[tuple[str, str], str]:
    """What an entry is called in a round, by its code; under "" by its own code and name."""
    found = {("", each.code): " ".join(filter(None, (each.code, each.name))) for each in db.scalars(
        select(Entry).where(Entry.contest_id == contest.id)
    )}  # fmt: skip
    rows = db.execute(
        select(Round.code, Entry.code, Appearance.number, Entry.name).select_from(Appearance).join(Appearance.round)
        .join(Appearance.entry).where(Round.contest_id == contest.id)
    )  # fmt: skip
    return found | {(code, entry): " ".join(filter(None, (number, name))) for code, entry, number, name in rows}


def _versions(db: Session, contest: Contest) -> list[Version]:
    """Every version, the newest first."""
    changes = {change.version_id: change for change in amending.adopted(db, contest)}
    accounts = db.execute(select(Account.public_id, Account.display_name))
    names = {f"account:{public_id}": name for public_id, name in accounts}
    actors = {}
    for row in db.scalars(select(LedgerRow).where(
        LedgerRow.contest_id == contest.id, LedgerRow.action == Action.RULES_ADOPTED
    )):  # fmt: skip
        actors[json.loads(row.payload or "{}").get("number")] = names.get(row.actor, "")
    rows = db.scalars(
        select(RuleVersion).where(RuleVersion.contest_id == contest.id).order_by(RuleVersion.number.desc())
    )
    return [Version(row, changes.get(row.id), actors.get(row.number, ""), _places(changes.get(row.id))) for row in rows]


def _places(change: RuleChange | None) -> int:
    return amending.places_moved(change) if change is not None else 0

