"""Append to and verify the hash chain over everything that can change a result.

The row's fields and hashes are the contest folder's companion format (see docs/architecture.md, "The ledger row").
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from contest.models import Action, Contest, LedgerHead, LedgerRow, LedgerWords

FIRST_PREV = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acts, as the ledger writes it: "sitting:<id>", "account:<id>" or "system", and on which device."""

    name: str
    device: str = "web"


SYSTEM = Actor("system", "command")


@dataclass(frozen=True)
class Fault:
    """The first row of a chain that does not fit, and what is wrong with it."""

    seq: int
    what: str


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces, of strings and integers (and lists, maps and null of them) only.

    Raises TypeError for anything else: two machines might write it differently.
    """
    _refuse_inexact(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instant(at: datetime) -> str:
    """An aware time as the ledger writes it: UTC, six decimals, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def lock(db: Session, contest: Contest) -> LedgerHead:
    """Take the contest's one mutex (a row lock on PostgreSQL; on SQLite the writer already holds the database).

    Every verb that judges takes it first, before any other row, so two verbs can never wait for each other. What the
    session had read before it may be out of date by then, so at the first lock of a transaction all of it is forgotten.
    """
    head = db.scalars(_locking(), {"contest": contest.id}).one()
    held = (db.get_transaction(), contest.id)
    if db.get_bind().dialect.name != "sqlite" and db.info.get("ledger_lock") != held:
        db.info["ledger_lock"] = held
        db.expire_all()
    return head


def head_of(db: Session, contest: Contest) -> LedgerHead:
    """The newest row's number and hash, as they are now."""
    return db.scalars(select(LedgerHead).where(LedgerHead.contest_id == contest.id)).one()


@cache
def _locking() -> Select[LedgerHead]:
    """Made once: every change of a contest begins with it."""
    statement = select(LedgerHead).where(LedgerHead.contest_id == bindparam("contest")).with_for_update()
    return statement.execution_options(populate_existing=True)


def start(db: Session, contest: Contest) -> None:
    """Give a new contest its empty chain."""
    db.add(LedgerHead(contest_id=contest.id, seq=0, hash=FIRST_PREV))
    db.flush()


def append(
    db: Session, contest: Contest, *, by: Actor, action: Action, subject: str, payload: Mapping[str, object],
    now: datetime, words: Mapping[str, Sequence[str]] | None = None, head: LedgerHead | None = None,
) -> LedgerRow:  # fmt: skip
    """Chain one fact to the contest's ledger and return its row. `payload` holds ids, strings and integers only.

    `words`: a text before and after by what it is of; kept beside the row, the row has their digest alone.
    `head`: what `lock` gave in this transaction; the row is then not written before the session's next flush.
    """
    waits = head is not None and not words
    head = head or lock(db, contest)
    said, words_salt = canonical(words or {}), secrets.token_bytes(16)
    text = canonical({**payload, "words": digest_of(words_salt, said)} if words else payload)
    salt = secrets.token_bytes(16)
    row = LedgerRow(
        contest_id=contest.id, seq=head.seq + 1, at=now, actor=by.name, device=by.device, action=action,
        subject=subject, payload=text, salt=salt, digest=digest_of(salt, text), prev=head.hash, hash="",
    )  # fmt: skip
    row.hash = hash_of(row, contest.public_id)
    head.seq, head.hash = row.seq, row.hash
    db.add(row)
    if waits:
        return row
    db.flush()
    if words:
        db.add(LedgerWords(row_id=row.id, text=said, salt=words_salt))
        db.flush()
    return row


def digest_of(salt: bytes, payload: str) -> str:
    """sha256(salt ‖ payload): without the salt no payload can be guessed from it."""
    return hashlib.sha256(salt + payload.encode()).hexdigest()


def hash_of(row: LedgerRow, contest: str) -> str:
    """sha256 over the canonical list that ties the row to its contest, its place and the row before it."""
    facts = [
        1, contest, row.seq, instant(row.at), row.actor, row.device, row.action.value, row.subject, row.digest,
        row.prev,
    ]  # fmt: skip
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def verify(db: Session, contest: Contest) -> Fault | None:
    """Recompute the whole chain; None when it fits, else the first row that does not."""
    prev, seq = FIRST_PREV, 0
    rows = select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq)
    words = {
        kept.row_id: digest_of(kept.salt, kept.text) for kept in db.scalars(
            select(LedgerWords).join(LedgerRow, LedgerRow.id == LedgerWords.row_id)
            .where(LedgerRow.contest_id == contest.id).execution_options(populate_existing=True)
        )
    }  # fmt: skip
    for row in db.scalars(rows.execution_options(yield_per=500, populate_existing=True)):
        seq += 1
        if row.seq != seq:
            return Fault(seq, "missing")
        if row.prev != prev:
            return Fault(seq, "prev")
        if row.payload is not None and row.salt is not None and digest_of(row.salt, row.payload) != row.digest:
            return Fault(seq, "payload")
        if row.id in words and (row.payload is None or json.loads(row.payload).get("words") != words[row.id]):
            return Fault(seq, "words")
        if hash_of(row, contest.public_id) != row.hash:
            return Fault(seq, "hash")
        prev = row.hash
    head = head_of(db, contest)
    if (head.seq, head.hash) != (seq, prev):
        return Fault(head.seq, "head")
    return None


def _refuse_inexact(value: object) -> None:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the ledger's maps have text as keys: {key!r}")
            _refuse_inexact(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_inexact(each)
    elif isinstance(value, bool) or not (value is None or isinstance(value, str | int)):
        raise TypeError(f"the ledger holds strings and integers only: {value!r}")
