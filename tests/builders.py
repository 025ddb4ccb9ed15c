"""Builders: an app with a database of its own, accounts with duties, and a lecture final in any state a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import app as application
from contest import board, folders, judging, queries
from contest.entering import organization_named
from contest.ledger import SYSTEM, Actor
from contest.models import (
    Account,
    Appearance,
    Base,
    Contest,
    Duty,
    Frame,
    Membership,
    Panel,
    Person,
    Role,
    Round,
    RoundState,
    Seat,
    Sheet,
    Sitting,
    Span,
)  # fmt: skip
from contest.rules import AppearanceFact, EntryFact, Facts, SittingFact, read_rules
from settings import HERE, Settings
from web.account import SignedIn
from web.db import reading, writing

NOW = datetime(2026, 5, 16, 6, 30, tzinfo=UTC)
RULES = (HERE / "contest/rules/presets/lecture-final.toml").read_bytes()
CRITERIA = ("content", "delivery", "presence", "random")
PEOPLE = (
    ("沈知遥", "月球的土，能种菜吗？", "南屿区代表队"), ("周以宁", "一颗疫苗的长征", "市卫生健康委"),
    ("石北辰", "听，地磁场在说话", "市科技馆"), ("林疏桐", "古建筑里的力学", "市规划院"),
    ("阿依努尔·艾山", "沙漠里的一滴水", "望海县代表队"), ("龚𬭎", "船为什么不沉", "市气象局"),
)  # fmt: skip
JUDGES = ("许清和", "顾清禾", "韩知白", "陶望", "唐一苇", "罗星", "梁予安")


def make_app(folder: Path, **changed: object) -> Flask:
    """The application on an empty database in this folder. Forms need no CSRF token unless a test asks for it."""
    settings = Settings(**{"instance": folder, "secret_key": "a key for tests", "demo": False, **changed})  # type: ignore[arg-type]
    made = application.create_app(settings)
    made.config.update(TESTING=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    Base.metadata.create_all(made.extensions["lectern_engine"])
    return made


def make_contest(
    app: Flask, *, slug: str = "xinghe", entries: int = 3, judges: int = 3, state: RoundState = RoundState.JUDGING,
    organization: str = "星河市科学技术协会",
) -> str:  # fmt: skip
    """A lecture final with a panel, its round in this state; returns its slug."""
    with app.app_context(), writing() as db:
        add_contest(db, slug=slug, entries=entries, judges=judges, state=state, organization=organization)
    return slug


def add_contest(
    db: Session, *, slug: str = "xinghe", entries: int = 3, judges: int = 3, state: RoundState = RoundState.JUDGING,
    organization: str = "星河市科学技术协会", facts: Facts | None = None, rules: bytes = RULES,
    with_judging: bool = False,
) -> Contest:  # fmt: skip
    """A lecture final (or the contest of these facts and rules), its rounds in this state."""
    contest = folders.import_facts(
        db, facts=facts or final_facts(entries, judges), rules=read_rules(rules), slug=slug,
        title="第八届星河市科普讲解大赛", organization=organization_named(db, organization), by=SYSTEM, now=NOW,
        with_judging=with_judging,
    )  # fmt: skip
    if facts is None:
        own = select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        for at, sitting in enumerate(db.scalars(own.order_by(Sitting.id))):
            sitting.person.name = JUDGES[at % len(JUDGES)]
    for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id)):
        round_.state = state
    # The states above were set by hand, so the frames of the import are made anew, as the first ones.
    db.execute(delete(Frame).where(Frame.contest_id == contest.id))
    board.refresh(db, contest, now=NOW)
    return contest


def make_account(
    app: Flask, username: str, *roles: Role, contest: str | None = None, works_for: str | None = None, name: str = "",
) -> str:  # fmt: skip
    """An account with duties in a contest, or working for an organization; returns its public id."""
    with app.app_context(), writing() as db:
        account = Account(username=username, display_name=name or username, password_hash="", created_at=NOW)
        db.add(account)
        db.flush()
        if contest is not None:
            held = queries.contest_by_slug(db, contest)
            db.add_all([Duty(account_id=account.id, contest_id=held.id, role=role) for role in roles])
        if works_for is not None:
            db.add(Membership(account_id=account.id, organization_id=organization_named(db, works_for).id))
        return account.public_id


def client_of(app: Flask, account: str | None = None) -> FlaskClient:
    """A browser, signed in with this account (its public id)."""
    client = app.test_client()
    if account is not None:
        with app.app_context(), reading() as db:
            found = db.scalars(select(Account).where(Account.public_id == account)).one()
        with client.session_transaction() as session:
            session["_user_id"] = SignedIn.of(found).get_id()
    return client


def appearances(app: Flask, slug: str = "xinghe") -> list[str]:
    """The public ids of the contest's appearances in running order."""
    with app.app_context(), reading() as db:
        rounds = db.scalars(select(Round).where(Round.contest_id == queries.contest_by_slug(db, slug).id))
        return [each.public_id for round_ in rounds for each in queries.appearances_in_order(db, round_)]


def give_sheets(
    app: Flask, appearance: str, *, slug: str = "xinghe", seats: Sequence[int] | None = None, content: str = "27.00"
) -> None:
    """Submit sheets of these seats (all of them where none are named) for an appearance."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        found = queries.appearance_of(db, contest, appearance)
        for sitting in queries.sittings_for(db, found):
            if seats is None or sitting.seat.number in seats:
                _submit(db, contest, found, sitting, content)


def later(seconds: float) -> datetime:
    """So many seconds after the tests' time."""
    return NOW + timedelta(seconds=seconds)


def _submit(db: Session, contest: Contest, appearance: Appearance, sitting: Sitting, content: str) -> None:
    version = queries.rule_version(db, contest)
    sheet = Sheet(
        appearance_id=appearance.id, sitting_id=sitting.id, version=1, foreign_version=1, rule_version_id=version.id,
        updated_at=NOW,
    )  # fmt: skip
    db.add(sheet)
    db.flush()
    values = (Decimal(content), Decimal("26.00"), Decimal("8.50"), Decimal("26.00"))
    judging.write_marks(db, sheet, dict(zip(CRITERIA, values, strict=True)))
    by = Actor(f"sitting:{sitting.public_id}", "tests")
    judging.submit(db, contest, sheet=sheet, version=version, by=by, now=NOW)


def final_facts(entries: int, judges: int) -> Facts:
    """The running order and the panel of a lecture final; nothing is judged yet."""
    codes = [f"{number:02d}" for number in range(1, entries + 1)]
    people = [PEOPLE[at % len(PEOPLE)] for at in range(entries)]
    return Facts(
        entries=tuple(
            EntryFact(code, None, unit, name, title) for code, (name, title, unit) in zip(codes, people, strict=True)
        ),
        appearances=tuple(AppearanceFact("final", code, at, code, "A") for at, code in enumerate(codes, start=1)),
        sittings=tuple(SittingFact("final", "A", f"J{seat}", str(seat)) for seat in range(1, judges + 1)),
    )


def add_duty(app: Flask, account: str, slug: str, role: Role) -> None:
    """Give an account (its public id) a role in one more contest."""
    with app.app_context(), writing() as db:
        held = db.scalars(select(Account).where(Account.public_id == account)).one()
        db.add(Duty(account_id=held.id, contest_id=queries.contest_by_slug(db, slug).id, role=role))


def add_substitute(db: Session, contest: Contest, *, seat: int, name: str, first: int) -> None:
    """From this running-order number of the final on, another person sits on the seat."""
    round_ = queries.round_of(db, contest, "final")
    sitting = next(s for s in db.scalars(select(Sitting)) if s.seat.number == seat)
    person = Person(name=name)
    after = Sitting(seat=sitting.seat, person=person, code=f"{sitting.code}b")
    db.add_all([
        person, after, Span(sitting=sitting, round=round_, last=first - 1),
        Span(sitting=after, round=round_, first=first),
    ])  # fmt: skip
    db.flush()
