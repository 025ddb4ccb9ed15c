"""A final that is sealed and has given its awards: what certificates are made of, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import queries
from contest.models import (
    Account,
    Act,
    Approval,
    Award,
    Contest,
    Entry,
    Member,
    MemberRole,
    Person,
    RoundState,
    Seal,
)  # fmt: skip
from tests import builders
from tests.builders import NOW
from web.db import writing

TITLES = {"first": ("一等奖", "First Prize"), "second": ("二等奖", "Second Prize"), "third": ("三等奖", "Third Prize")}


def seal(db: Session, contest: Contest, awards: Sequence[str | None], *, now: datetime = NOW) -> Seal:
    """A new seal of the final that gives these awards to the entries in their order; None gives none."""
    round_ = queries.round_of(db, contest, "final")
    number = (db.scalar(select(func.max(Seal.number)).where(Seal.round_id == round_.id)) or 0) + 1
    account = Account(username=f"sealer{contest.id}-{number}", display_name="负责人", password_hash="", created_at=now)
    db.add(account)
    db.flush()
    approval = Approval(round_id=round_.id, act=Act.SEAL, proposer_id=account.id, proposed_at=now)
    db.add(approval)
    db.flush()
    made = Seal(
        round_id=round_.id, number=number, approval_id=approval.id,
        rule_version_id=queries.rule_version(db, contest).id, standings="{}", rules_sha256="0" * 64, ledger_seq=1,
        ledger_hash="0" * 64, sealed_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    round_.state = RoundState.SEALED
    entries = db.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.position)).all()
    for place, (entry, code) in enumerate(zip(entries, awards, strict=False), start=1):
        if code is not None:
            title, title_en = TITLES[code]
            db.add(Award(
                contest_id=contest.id, seal_id=made.id, entry_id=entry.id, code=code, title=title, title_en=title_en,
                rank=list(TITLES).index(code) + 1, place=place, given_at=now,
            ))  # fmt: skip
    db.flush()
    return made


def add_teacher(db: Session, entry: Entry, name: str, *, position: int = 9) -> None:
    """Give an entry a teacher."""
    person = Person(name=name)
    db.add(person)
    db.flush()
    db.add(Member(entry_id=entry.id, person_id=person.id, position=position, role=MemberRole.TEACHER))
    db.flush()


def make(app: Flask, awards: Sequence[str | None] = ("first", "second", "second"), *, entries: int = 3) -> str:
    """A final with these awards, published; its slug."""
    slug = builders.make_contest(app, entries=entries)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        seal(db, contest, awards)
        contest.awards_published_at = NOW
    return slug
