"""The demo contest: made once with accounts of its own, a final in full swing for a newcomer, and made anew on demand.

It exists only where the settings ask for it and the instance folder is not a venue's. All of its data is invented.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import board, entering, folders, queries, removing, showing, staffing
from contest.errors import NotFound
from contest.ledger import SYSTEM
from contest.models import Account, Contest, Organization, Panel, Role, Screen, Seat, Sitting
from contest.rules import read_folder, read_rules
from leaderboard import demo_people, demo_story
from settings import HERE, Settings
from web.db import reading, writing
from web.live import now

SLUG = "demo"
FOLDER = HERE / "demo"
TITLE = "第八届星河市科普讲解大赛"
ORGANIZATION = "星河市科学技术协会"
JUDGES = {
    "J1": "许清和", "J2": "顾清禾", "J3": "韩知白", "J4": "陶望", "J5": "唐一苇", "J6": "罗星", "J7": "梁予安",
}  # fmt: skip
# Every demo account says in its name what it is: it opens without a password.
ACCOUNTS = {
    "organizer": "林主任（演示）", "chief": "苏总裁判（演示）", "scorekeeper": "乔木（演示）",
    "supervisor": "严监督（演示）", "steward": "李签到（演示）", "caller": "周检录（演示）", "timer": "秦计时（演示）",
    "mc": "沈主持（演示）", "operator": "吴大屏（演示）",
}  # fmt: skip
ON_STAGE = "17"
# The seat that has not submitted yet when the demo begins.
FREE_SEAT = 6
hasher = PasswordHasher()


@dataclass(frozen=True)
class Demo:
    """What a newcomer needs: the accounts with their passwords, the seats' cards and the screen."""

    passwords: dict[str, str]
    seats: list[Seat]
    screen: Screen


def is_on() -> bool:
    """Whether this installation has a demo: asked for, and the instance folder is not a real event's."""
    settings: Settings = current_app.extensions["lectern_settings"]
    return settings.demo and not settings.is_venue


def load(settings: Settings) -> Demo:
    """The demo, made now if this installation has none; a second call changes nothing."""
    with reading() as db:
        there = db.scalar(select(Contest.id).where(Contest.slug == SLUG)) is not None
    if not there or ACCOUNTS.keys() - _passwords(settings).keys():
        make(settings)
    return found(settings)


def found(settings: Settings) -> Demo:
    """The demo as it is. Raises NotFound where there is none."""
    with reading() as db:
        contest = queries.contest_by_slug(db, SLUG)
        seats = list(db.scalars(
            select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id).order_by(Panel.code, Seat.number)
        ))  # fmt: skip
        screen = db.scalars(select(Screen).where(Screen.contest_id == contest.id)).first()
        if screen is None:
            raise NotFound
        return Demo(_passwords(settings), seats, screen)


def make(settings: Settings) -> None:
    """Make the demo, or make it anew: its cards' and screens' links and its accounts stay the same."""
    passwords, hashes = _passwords_for_all(settings)
    rules = read_rules((FOLDER / "rules.toml").read_bytes())
    facts = read_folder(FOLDER, rules)
    with writing() as db:
        organization = entering.organization_named(db, ORGANIZATION)
        contest = folders.import_facts(
            db, facts=facts, rules=rules, slug=f"{SLUG}-making", title=TITLE, organization=organization, by=SYSTEM,
            now=now(),
        )  # fmt: skip
        for sitting in db.scalars(select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest == contest)):
            sitting.person.name = JUDGES[sitting.code]
        db.add(Screen(contest_id=contest.id, name="主屏"))
        db.flush()
        _take_the_place(db, contest)
        demo_story.tell(db, contest, now=now())
        _give_parts(db, contest, organization, passwords, hashes)
        demo_people.register(db, contest, now=now())
        _play(db, contest)
        demo_people.open_next(db, organization, now=now())
        board.refresh(db, contest, now=now())


def _take_the_place(db: Session, contest: Contest) -> None:
    """Let the new demo have the address and the links of the one before, which goes."""
    old = db.scalars(select(Contest).where(Contest.slug == SLUG)).one_or_none()
    if old is not None:
        seats = {seat.number: (seat.public_id, seat.card_generation) for seat in _seats(db, old)}
        screen = db.scalars(select(Screen).where(Screen.contest_id == old.id).order_by(Screen.id)).first()
        link = (screen.public_id, screen.generation) if screen else None
        removing.remove_contest(db, old)
        for seat in _seats(db, contest):
            seat.public_id, seat.card_generation = seats.get(seat.number, (seat.public_id, 1))
        if link is not None:
            new = db.scalars(select(Screen).where(Screen.contest_id == contest.id)).one()
            new.public_id, new.generation = link
    contest.slug = SLUG
    db.flush()


def _seats(db: Session, contest: Contest) -> list[Seat]:
    return list(db.scalars(select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id)))


def _give_parts(
    db: Session, contest: Contest, organization: Organization, passwords: dict[str, str], hashes: dict[str, str]
) -> None:
    for name, shown in ACCOUNTS.items():
        account = db.scalars(select(Account).where(Account.username == name)).one_or_none()
        if account is None:
            account = Account(username=name, display_name=shown, password_hash=hashes[name], created_at=now())
            db.add(account)
            db.flush()
        elif not _is_ours(account, passwords[name]):
            continue
        if name == "organizer":
            staffing.join_organization(db, account=account, organization=organization)
        else:
            staffing.give_role(db, contest, account=account, role=Role(name))


def _play(db: Session, contest: Contest) -> None:
    """Release what is complete, and leave no. 17 on stage with one sheet to come."""
    round_ = contest.rounds[0]
    for appearance in queries.appearances_in_order(db, round_):
        showing.call(db, contest, appearance=appearance, now=now())
        if appearance.number == ON_STAGE:
            showing.follow(db, contest, appearance=appearance, now=now())
            return
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=now())


def _passwords_for_all(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """Every account's password, kept beside the database, and the hashes of the accounts that are yet to be made."""
    passwords = _passwords(settings)
    passwords |= {name: secrets.token_urlsafe(6) for name in ACCOUNTS.keys() - passwords.keys()}
    _passwords_file(settings).write_text(json.dumps(passwords), encoding="utf-8")
    _passwords_file(settings).chmod(0o600)
    with reading() as db:
        there = set(db.scalars(select(Account.username).where(Account.username.in_(ACCOUNTS))))
    return passwords, {name: hasher.hash(passwords[name]) for name in ACCOUNTS if name not in there}


def account_of(settings: Settings, name: str) -> Account:
    """The demo's account of this name. Raises NotFound where it is not one, or not one that the demo made."""
    with reading() as db:
        account = db.scalars(
            select(Account).where(Account.username == name, Account.disabled_at.is_(None))
        ).one_or_none()  # fmt: skip
    password = _passwords(settings).get(name)
    if account is None or password is None or not _is_ours(account, password):
        raise NotFound
    return account


def _is_ours(account: Account, password: str) -> bool:
    """Whether the account still has the password that the demo made: a person's own account of that name has not."""
    try:
        return hasher.verify(account.password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def _passwords(settings: Settings) -> dict[str, str]:
    path = _passwords_file(settings)
    there = dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
    return {name: there[name] for name in ACCOUNTS if name in there}


def _passwords_file(settings: Settings) -> Path:
    return settings.instance / "demo_accounts.json"
