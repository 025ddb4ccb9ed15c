"""The record (操作记录): a contest's ledger row by row, with what was before and after, who, about whom, and why.

Marks are part of it only where the policy lets staff see them; private notes are in no row of the ledger at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import wording
from contest.models import (
    Account,
    Action,
    Appearance,
    Audience,
    Award,
    Certificate,
    CertificateVersion,
    Contest,
    Duty,
    Entry,
    LedgerRow,
    LedgerWords,
    Role,
    Round,
    Ruling,
    Seat,
    Sitting,
)  # fmt: skip
from contest.replaced import Part, Past, Payload
from contest.visibility import Surface, may_see

# Above so many subjects their history is read by walking the whole ledger once.
MOST_SUBJECTS = 400
MARKS = ("marks", "waiting")


@dataclass(frozen=True)
class Change:
    """A row of the ledger in full. `hidden`: its marks may not be seen yet; `purged`: what it said is deleted."""

    seq: int
    at: datetime
    action: Action
    actor: str
    device: str
    subject: str
    payload: Payload
    parts: Sequence[Part]
    reason: str
    hidden: bool
    purged: bool
    digest: str
    round: Round | None = None
    appearance: Appearance | None = None
    entry: Entry | None = None
    seat: Seat | None = None
    sitting: Sitting | None = None

    @property
    def typed(self) -> str | None:
        """Who typed this sheet from paper ("account:…"), where it came from paper; the actor is who confirmed it."""
        paper = self.payload.get("paper")
        return paper.get("typed") if isinstance(paper, dict) else None

    @property
    def on_paper(self) -> bool:
        """Whether it was written on paper and typed in."""
        return "paper" in self.payload


@dataclass
class Named:
    """Whom and what rows are about, by the ids that the ledger writes."""

    appearances: dict[str, Appearance] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    sittings: dict[str, Sitting] = field(default_factory=dict)
    rulings: dict[str, Ruling] = field(default_factory=dict)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    duties: dict[str, list[Role]] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """Changes in the order of the rows they were asked for, and the names in them."""

    changes: Sequence[Change]
    named: Named


def read(db: Session, contest: Contest, rows: Sequence[LedgerRow], *, history: bool = True) -> Record:
    """These rows of a contest's ledger as changes. Without `history` nothing is said of what was before."""
    payloads = {row.seq: _payload(row) for row in rows}
    named = _named(db, contest, rows, payloads.values())
    parts = _parts(db, contest, rows) if history and rows else {}
    words = _words(db, rows) if history else {}
    versions = _versions(named) if history else {}
    changes = []
    for row in rows:
        payload = payloads[row.seq]
        own = [*parts.get(row.seq, []), *words.get(row.seq, [])]
        own += [
            each for part in own if part.what == "version"
            for each in _reworded(versions.get(row.subject.partition(":")[2], {}), part)
        ]  # fmt: skip
        about = _about(row, payload, named)
        shown = about["appearance"] is not None and may_see(Surface.MARKS, Audience.STAFF, about["appearance"])
        changes.append(Change(
            seq=row.seq, at=row.at, action=row.action, actor=row.actor, device=row.device, subject=row.subject,
            payload=payload if shown else {key: each for key, each in payload.items() if key != "marks"},
            parts=[part for part in own if shown or part.what not in MARKS],
            reason=_reason(row, payload, named, versions), purged=row.payload is None, digest=row.digest,
            hidden=not shown and any(part.what in MARKS for part in own), **about,
        ))  # fmt: skip
    return Record(changes, named)


def _payload(row: LedgerRow) -> Payload:
    return json.loads(row.payload) if row.payload else {}


def _parts(db: Session, contest: Contest, rows: Sequence[LedgerRow]) -> dict[int, list[Part]]:
    """What each row replaced: the rows before it about the same things are walked once."""
    wanted, subjects = {row.seq for row in rows}, {row.subject for row in rows}
    history = select(LedgerRow).where(LedgerRow.contest_id == contest.id, LedgerRow.seq <= max(wanted))
    if len(subjects) <= MOST_SUBJECTS:
        history = history.where(LedgerRow.subject.in_(subjects))
    past, found = Past(), {}
    for row in db.scalars(history.order_by(LedgerRow.seq).execution_options(yield_per=500)):
        if row.payload is not None:
            parts = past.take(row.action, row.subject, json.loads(row.payload))
            if row.seq in wanted:
                found[row.seq] = parts
    return found


def _words(db: Session, rows: Sequence[LedgerRow]) -> dict[int, list[Part]]:
    """The words that rows replaced: personal data, kept beside the ledger."""
    found = {}
    seqs = {row.id: row.seq for row in rows}
    for kept in db.scalars(select(LedgerWords).where(LedgerWords.row_id.in_(_ids_in(rows)))):
        texts: Mapping[str, Sequence[str]] = json.loads(kept.text)
        found[seqs[kept.row_id]] = [Part(f"words.{name}", before, after) for name, (before, after) in texts.items()]
    return found


def _ids_in(rows: Sequence[LedgerRow]) -> Any:
    if len(rows) <= MOST_SUBJECTS:
        return [row.id for row in rows]
    return select(LedgerRow.id).where(LedgerRow.contest_id == rows[0].contest_id)


def _versions(named: Named) -> dict[str, dict[int, CertificateVersion]]:
    return {key: {each.version: each for each in held.versions} for key, held in named.certificates.items()}


def _reworded(versions: Mapping[int, CertificateVersion], part: Part) -> list[Part]:
    """In what a certificate's text differs from the version before: names, work, teachers, award."""
    if part.after not in versions:
        return []
    after = wording.read(versions[part.after].text)
    before = wording.read(versions[part.before].text) if part.before in versions else None
    found = []
    for name in ("names", "work", "teachers", "award"):
        old, new = (_line(getattr(each, name)) if each is not None else None for each in (before, after))
        if old != new and (new or old):
            found.append(Part(f"words.{name}", old, new))
    return found


def _line(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "、".join(value)


def _about(row: LedgerRow, payload: Payload, named: Named) -> dict[str, Any]:
    """The round, appearance, entry, seat and sitting that a row is about, as far as it is about any."""
    kind, _, name = row.subject.partition(":")
    ruling = named.rulings.get(name) or named.rulings.get(next(iter(payload.get("rulings", ())), ""))
    appearance = named.appearances.get(name if kind == "appearance" else str(payload.get("appearance")))
    entry = named.entries.get(name if kind == "entry" else str(payload.get("entry")))
    entry = entry or (appearance.entry if appearance else None) or (ruling.entry if ruling else None)
    if kind == "certificate" and name in named.certificates:
        entry = named.certificates[name].award.entry
    sitting = named.sittings.get(name if kind == "sitting" else str(payload.get("sitting")))
    sitting = sitting or (ruling.sitting if ruling else None)
    if sitting is None and row.actor.startswith("sitting:"):
        sitting = named.sittings.get(row.actor.partition(":")[2])
    seat = named.seats.get(name if kind == "seat" else str(payload.get("seat"))) or (sitting.seat if sitting else None)
    round_ = named.rounds.get(name) or (appearance.round if appearance else None)
    if round_ is None and ruling is not None:
        round_ = next((each for each in named.rounds.values() if each.id == ruling.round_id), None)
    return {"round": round_, "appearance": appearance, "entry": entry, "seat": seat, "sitting": sitting}


def _reason(
    row: LedgerRow, payload: Payload, named: Named, versions: Mapping[str, Mapping[int, CertificateVersion]]
) -> str:
    """Why, as it was said: in the row, else in what is stored of the same act."""
    said = str(payload.get("reason") or payload.get("note") or payload.get("exception") or "")
    if row.action is Action.MESSAGE_STRAYED:
        return ""  # A code of the tablet's, not a reason that a person gave.
    name = row.subject.partition(":")[2]
    if not said and row.action is Action.RULED and name in named.rulings:
        return named.rulings[name].reason
    if not said and row.action is Action.CERTIFICATE_REVOKED and name in named.certificates:
        return named.certificates[name].revoked_reason
    if not said and payload.get("version") in versions.get(name, {}):
        return versions[name][payload["version"]].reason
    return said


def _named(db: Session, contest: Contest, rows: Sequence[LedgerRow], payloads: Iterable[Payload]) -> Named:
    """Read whom and what the rows name."""
    ids: set[str] = set()
    for text in (text for row in rows for text in (row.subject, row.actor)):
        ids.add(text.partition(":")[2])
    for payload in payloads:
        ids |= set(_texts(payload))
    own = contest.id
    named = Named()
    for each in _by_id(db, select(Appearance).join(Appearance.round).where(Round.contest_id == own).options(
        joinedload(Appearance.entry), joinedload(Appearance.round)
    ), Appearance.public_id, ids):  # fmt: skip
        named.appearances[each.public_id] = each
    for each in _by_id(db, select(Entry).where(Entry.contest_id == own), Entry.public_id, ids):
        named.entries[each.public_id] = each
    named.rounds = {each.public_id: each for each in db.scalars(select(Round).where(Round.contest_id == own))}
    for each in _by_id(db, select(Seat).where(Seat.panel.has(contest_id=own)), Seat.public_id, ids):
        named.seats[each.public_id] = each
    for each in _by_id(db, select(Sitting).where(Sitting.seat.has(Seat.panel.has(contest_id=own))).options(
        joinedload(Sitting.seat), joinedload(Sitting.person)
    ), Sitting.public_id, ids):  # fmt: skip
        named.sittings[each.public_id] = each
    for each in _by_id(db, select(Ruling).where(Ruling.contest_id == own).options(
        joinedload(Ruling.entry), joinedload(Ruling.sitting).joinedload(Sitting.seat)
    ), Ruling.public_id, ids):  # fmt: skip
        named.rulings[each.public_id] = each
    for each in _by_id(db, select(Certificate).where(Certificate.contest_id == own).options(
        joinedload(Certificate.award).joinedload(Award.entry), selectinload(Certificate.versions)
    ), Certificate.public_id, ids):  # fmt: skip
        named.certificates[each.public_id] = each
    for account in _by_id(db, select(Account), Account.public_id, ids):
        named.accounts[account.public_id] = account
    held = {account.id: key for key, account in named.accounts.items()}
    for duty in db.scalars(select(Duty).where(Duty.contest_id == own).order_by(Duty.id)):
        if duty.account_id in held:
            named.duties.setdefault(held[duty.account_id], []).append(duty.role)
    return named


def _texts(value: object) -> Iterable[str]:
    """Every id in a payload: its short texts, and what follows the colon of an actor's name."""
    if isinstance(value, str):
        if 8 <= len(value) <= 40:
            yield value.partition(":")[2] or value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _by_id(db: Session, statement: Any, column: Any, ids: set[str]) -> Iterable[Any]:
    """The rows with these public ids; SQLite takes a limited number of values in one statement."""
    known = sorted(ids)
    for at in range(0, len(known), 500):
        yield from db.scalars(statement.where(column.in_(known[at : at + 500])))
