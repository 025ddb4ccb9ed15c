"""flask demo: the demo contest, loaded once, with accounts of its own: a final in full swing for a newcomer."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import click
from argon2 import PasswordHasher
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import board, entering, folders, queries, showing
from contest.ledger import SYSTEM
from contest.models import Account, Contest, Duty, Membership, Panel, Role, Screen, Seat, Sitting
from contest.rules import read_folder, read_rules
from settings import HERE, Settings
from web import links
from web.db import reading, writing
from web.live import now

SLUG = "demo"
FOLDER = HERE / "demo"
TITLE = "第八届星河市科普讲解大赛"
ORGANIZATION = "星河市科学技术协会"
JUDGES = {
    "J1": "许清和", "J2": "顾清禾", "J3": "韩知白", "J4": "陶望", "J5": "唐一苇", "J6": "罗星", "J7": "梁予安",
}  # fmt: skip
ACCOUNTS = {"organizer": "林主任", "chief": "苏总裁判", "scorekeeper": "乔木"}
ON_STAGE = "17"


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo contest if it is not there, and print its addresses, accounts and judges' cards."""
    settings: Settings = current_app.extensions["lectern_settings"]
    made = load(settings)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    with current_app.test_request_context(base_url=base):
        addresses = {
            "board": links.absolute("leaderboard.board", slug=SLUG),
            "big screen": links.absolute("leaderboard.screen", token=links.screen_token(made.screen)),
            "desk": links.absolute("stage.desk", slug=SLUG),
            "organizer": links.absolute("organizer.contest", slug=SLUG),
        }
        cards = [(seat.number, links.absolute("judging.card", token=links.card_token(seat))) for seat in made.seats]
    click.echo(f"Demo contest {TITLE}: no. {ON_STAGE} is on stage, and seat 6 has not submitted yet.")
    for name, address in addresses.items():
        click.echo(f"  {name:<12}{address}")
    click.echo("\n  accounts (made for this installation alone)")
    for name, password in made.passwords.items():
        click.echo(f"    {name:<12}{password}")
    click.echo("\n  judges' cards")
    for number, address in cards:
        click.echo(f"    seat {number}  {address}")
    click.echo("")


@dataclass(frozen=True)
class Demo:
    """What a newcomer needs: the accounts with their passwords, the seats' cards and the screen."""

    passwords: dict[str, str]
    seats: list[Seat]
    screen: Screen


def load(settings: Settings) -> Demo:
    """The demo, made now if this installation has none; a second call changes nothing."""
    with reading() as db:
        there = db.scalar(select(Contest.id).where(Contest.slug == SLUG)) is not None
    if not there:
        _make(settings)
    with reading() as db:
        contest = queries.contest_by_slug(db, SLUG)
        seats = list(db.scalars(
            select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id).order_by(Panel.code, Seat.number)
        ))  # fmt: skip
        screen = db.scalars(select(Screen).where(Screen.contest_id == contest.id)).first()
        if screen is None:
            raise RuntimeError("the demo contest has no screen")
        return Demo(_passwords(settings), seats, screen)


def _make(settings: Settings) -> None:
    rules = read_rules((FOLDER / "rules.toml").read_bytes())
    facts = read_folder(FOLDER, rules)
    passwords = {name: secrets.token_urlsafe(6) for name in ACCOUNTS}
    hasher = PasswordHasher()
    hashes = {name: hasher.hash(password) for name, password in passwords.items()}
    _passwords_file(settings).write_text(json.dumps(passwords), encoding="utf-8")
    _passwords_file(settings).chmod(0o600)
    with writing() as db:
        organization = entering.organization_named(db, ORGANIZATION)
        contest = folders.import_facts(
            db, facts=facts, rules=rules, slug=SLUG, title=TITLE, organization=organization, by=SYSTEM, now=now()
        )
        for sitting in db.scalars(select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest == contest)):
            sitting.person.name = JUDGES[sitting.code]
        db.add(Screen(contest_id=contest.id, name="主屏"))
        for name, shown in ACCOUNTS.items():
            account = Account(username=name, display_name=shown, password_hash=hashes[name], created_at=now())
            db.add(account)
            db.flush()
            if name == "organizer":
                db.add(Membership(account_id=account.id, organization_id=organization.id))
            else:
                db.add(Duty(account_id=account.id, contest_id=contest.id, role=Role(name)))
        _play(db, contest)
        board.refresh(db, contest, now=now())


def _play(db: Session, contest: Contest) -> None:
    """Release what is complete, and leave no. 17 on stage with one sheet to come."""
    round_ = contest.rounds[0]
    for appearance in queries.appearances_in_order(db, round_):
        showing.call(db, contest, appearance=appearance, now=now())
        if appearance.number == ON_STAGE:
            showing.follow(db, contest, appearance=appearance, now=now())
            return
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=now())


def _passwords(settings: Settings) -> dict[str, str]:
    path = _passwords_file(settings)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _passwords_file(settings: Settings) -> Path:
    return settings.instance / "demo_accounts.json"
