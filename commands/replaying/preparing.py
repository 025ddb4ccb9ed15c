"""What a replay needs in the database before it starts: a contest marked as rehearsal, and somebody at the desk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, select

from accounts.routes import hasher
from commands.replaying.plan import Plan, make_plan
from contest import entering, folders, queries, sealing
from contest.ledger import SYSTEM
from contest.models import Account, Contest, Duty, Panel, Role, RoundState, Seat
from contest.rules import Facts, Rules
from web import links
from web.db import writing
from web.live import now

ORGANIZATION = "彩排 Rehearsals"


@dataclass(frozen=True)
class Prepared:
    """The contest that was made: its id and slug, its plan, and each seat's card token by the seat's public id."""

    contest_id: int
    slug: str
    plan: Plan
    cards: dict[str, str]


@dataclass(frozen=True)
class Scorekeeper:
    """The account that runs the desk for the length of one replay."""

    username: str
    password: str


def prepare(engine: Engine, rules: Rules, facts: Facts, *, name: str = "replay") -> Prepared:
    """Make the contest, all its rounds judging; its slug begins with the name.

    Needs an app context for the cards. Raises ContestError.
    """
    with writing(engine) as db:
        contest = folders.import_facts(
            db, facts=facts, rules=rules, slug=f"{name}-{secrets.token_hex(4)}", title=rules.title.zh,
            organization=entering.organization_named(db, ORGANIZATION), by=SYSTEM, now=now(), rehearsal=True,
            with_judging=False,
        )  # fmt: skip
        for round_ in contest.rounds:
            sealing.move(db, contest, round_=round_, to=RoundState.JUDGING, by=SYSTEM, now=now())
        plan = make_plan(db, contest, rules, facts)
        seats = db.scalars(select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id))
        cards = {seat.public_id: links.card_token(seat) for seat in seats}
        return Prepared(contest.id, contest.slug, plan, cards)


@contextmanager
def scorekeeper(engine: Engine, slug: str) -> Iterator[Scorekeeper]:
    """An account with a password that nobody else knows; disabled when the block ends."""
    name, password = f"replay-desk-{secrets.token_hex(6)}", secrets.token_urlsafe(24)
    with writing(engine) as db:
        account = Account(username=name, display_name=name, password_hash=hasher.hash(password), created_at=now())
        db.add(account)
        db.flush()
        contest: Contest = queries.contest_by_slug(db, slug)
        db.add(Duty(account_id=account.id, contest_id=contest.id, role=Role.SCOREKEEPER))
        account_id = account.id
    try:
        yield Scorekeeper(name, password)
    finally:
        with writing(engine) as db:
            db.get_one(Account, account_id).disabled_at = now()
