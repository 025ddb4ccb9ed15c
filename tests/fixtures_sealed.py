"""A final of six that is judged, sealed, given its awards; what is public of it is up to each test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from contest import awarding, queries, sealing, showing
from contest.ledger import SYSTEM
from contest.models import Account, Act, Contest, Entry, RoundState
from tests import builders
from tests.builders import NOW
from web import live
from web.db import writing

MARKS = ("27.00", "25.00", "29.00", "28.00", "26.00", "24.00")


def seal(app: Flask, slug: str, act: Act = Act.SEAL) -> None:
    """One proposes, another confirms."""
    with app.app_context(), live.changing(slug) as (db, contest):
        round_ = queries.round_of(db, contest, "final")
        people = list(db.scalars(select(Account).where(Account.username.in_(("one", "two"))).order_by(Account.id)))
        if not people:
            people = [Account(username=n, display_name=n, password_hash="", created_at=NOW) for n in ("one", "two")]
            db.add_all(people)
            db.flush()
            sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=SYSTEM, now=NOW)
        sealing.propose(db, contest, round_=round_, act=act, account=people[0], reason="复核", by=SYSTEM, now=NOW)
        sealing.confirm(db, contest, round_=round_, account=people[1], by=SYSTEM, now=NOW)


@pytest.fixture
def sealed(app: Flask) -> str:
    """A sealed final; 03, a minor, is first, then 04, 01, 05, 02, 06. Its slug."""
    slug = builders.make_contest(app, entries=6, judges=7)
    judge(app, slug)
    with app.app_context(), writing() as db:
        minor = db.scalars(select(Entry).where(Entry.code == "03")).one()
        minor.masked = True
    seal(app, slug)
    return slug


def judge(app: Flask, slug: str) -> None:
    """Give and release six scores, one as in MARKS for each of the first six."""
    for appearance, content in zip(builders.appearances(app, slug), MARKS, strict=True):
        builders.give_sheets(app, appearance, slug=slug, content=content)
        with app.app_context(), writing() as db:
            contest = queries.contest_by_slug(db, slug)
            found = queries.appearance_of(db, contest, appearance)
            showing.release(db, contest, appearance=found, by=SYSTEM, now=NOW)


@pytest.fixture
def change(app: Flask) -> Callable[..., None]:
    """Do something to the contest in a transaction: `change(slug, lambda db, contest: …)`."""

    def act(slug: str, what: Callable[..., object]) -> None:
        with app.app_context(), live.changing(slug) as (db, contest):
            what(db, contest)

    return act


def give(db: object, contest: Contest) -> None:
    """Give the final's awards."""
    awarding.give(db, contest, round_=queries.round_of(db, contest, "final"), by=SYSTEM, now=NOW)  # type: ignore[arg-type]


def publish(db: object, contest: Contest) -> None:
    """Give the final's awards and publish them."""
    give(db, contest)
    awarding.publish(db, contest, by=SYSTEM, now=NOW)  # type: ignore[arg-type]
