"""A lecture final as a contest folder: six entries, seven judges, and the marks each judge is going to give.

The sheets are made so that everything a final may bring happens once: a deduction, a tie that the second-highest sheet
breaks, a tie that nothing breaks, and a score that is corrected. Every content mark is given once only, so that it can
be looked for on pages where it must not be.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from accounts.routes import hasher
from contest.models import Account, Panel, Role, Screen, Seat
from contest.queries import contest_by_slug
from tests import builders
from web import links
from web.db import reading, writing

SLUG = "xinghe-final"
TITLE = "第八届星河市科普讲解大赛"
ORGANIZATION = "星河市科学技术协会"
JUDGES = builders.JUDGES
SEATS = range(1, len(JUDGES) + 1)
PASSWORD = "a long password for tests"
STAFF = {"organizer": "林主任", "chief": "苏总裁判", "scorekeeper": "乔木"}
ENTRIES = (
    ("01", "沈知遥", "月球的土，能种菜吗？", "南屿区代表队"),
    ("02", "阿依努尔·艾山", "沙漠里的一滴水", "望海县代表队"),
    ("03", "龚𬭎", "船为什么不沉", "市气象局"),
    ("04", "周以宁", "为什么我们听得见雷声却看不见它的真实形状", "市卫生健康委员会"),
    ("05", "石北辰", "听，地磁场在说话", "市科技馆"),
    ("06", "林疏桐", "古建筑里的力学", "市规划院"),
)  # fmt: skip
NAMES = {code: name for code, name, _, _ in ENTRIES}
TOTALS = {
    "01": ("91.00", "88.50", "95.00", "89.00", "82.50", "90.00", "87.50"),  # mean 89.20, one wrong quiz answer
    "02": ("92.00", "91.00", "90.00", "89.00", "88.00", "87.00", "86.00"),  # mean 89.00, second-highest 91.00
    "03": ("92.00", "90.50", "90.50", "89.00", "88.00", "87.00", "86.00"),  # mean 89.00, second-highest 90.50
    "04": ("90.00", "89.00", "88.00", "87.00", "86.00", "85.00", "84.00"),  # mean 87.00
    "05": ("84.00", "85.00", "86.00", "87.00", "88.00", "89.00", "90.00"),  # the same sheets from other seats
    "06": ("86.00", "85.00", "85.50", "84.50", "85.00", "84.00", "86.50"),  # mean 85.20, corrected to 84.20
}  # fmt: skip
RESULT = [
    ("1", "02", "89.00"), ("2", "03", "89.00"), ("3", "01", "88.20"), ("4", "04", "87.00"), ("4", "05", "87.00"),
    ("6", "06", "84.20"),
]  # fmt: skip


def marks_of(entry: str, seat: int) -> dict[str, str]:
    """The four marks of a judge for an entry; their sum is the sheet's total."""
    content = Decimal(27) + int(entry) * Decimal("0.10") + seat * Decimal("0.01")
    presence, random = Decimal("9.5"), Decimal("28.5")
    delivery = Decimal(TOTALS[entry][seat - 1]) - content - presence - random
    return {"content": str(content), "delivery": str(delivery), "presence": str(presence), "random": str(random)}


def all_marks() -> dict[tuple[str, str, str | None], Decimal]:
    """Every mark of the final by entry, judge and criterion."""
    return {
        (entry, JUDGES[seat - 1], criterion): Decimal(mark)
        for entry in TOTALS for seat in SEATS for criterion, mark in marks_of(entry, seat).items()
    }  # fmt: skip


def write_folder(folder: Path) -> Path:
    """The folder without a mark: rules, entries, running order and panel."""
    folder.mkdir()
    (folder / "rules.toml").write_bytes(builders.RULES)
    _table(folder / "entries.csv", ("entry", "division", "unit", "name", "title"),
           ((code, "", unit, name, title) for code, name, title, unit in ENTRIES))  # fmt: skip
    _table(folder / "appearances.csv", ("round", "entry", "order", "number", "panel"),
           (("final", code, at, code, "A") for at, (code, *_) in enumerate(ENTRIES, start=1)))  # fmt: skip
    _table(folder / "judges.csv", ("round", "panel", "judge", "seat", "role", "from", "until"),
           (("final", "A", judge, seat, "scoring", "", "") for seat, judge in enumerate(JUDGES, start=1)))  # fmt: skip
    _table(folder / "marks.csv", ("round", "entry", "judge", "criterion", "attempt", "kind", "mark"), ())
    return folder


def load(app: Flask, folder: Path) -> None:
    """Import the final, as `flask contest import` does, and make its staff."""
    command = ["contest", "import", str(write_folder(folder)), "--slug", SLUG, "--organization", ORGANIZATION]
    done = app.test_cli_runner().invoke(args=[*command, "--title", TITLE])
    assert done.output == f"Imported {SLUG}: 6 entries, 7 sittings, 0 marks.\n"
    make_staff(app, SLUG)


def make_staff(app: Flask, slug: str) -> None:
    """An organizer, a chief judge and a scorekeeper, each with the same password."""
    builders.make_account(app, "organizer", works_for=ORGANIZATION, name=STAFF["organizer"])
    for role in (Role.CHIEF, Role.SCOREKEEPER):
        builders.make_account(app, role.value, role, contest=slug, name=STAFF[role.value])
    hashed = hasher.hash(PASSWORD)
    with app.app_context(), writing() as db:
        for account in db.scalars(select(Account).where(Account.username.in_(STAFF))):
            account.password_hash = hashed


def account_id(app: Flask, username: str) -> str:
    """The public id of an account."""
    with app.app_context(), reading() as db:
        return db.scalars(select(Account.public_id).where(Account.username == username)).one()


def card_links(app: Flask, base: str, slug: str = SLUG) -> list[str]:
    """The links of the judges' cards in the order of their seats."""
    with app.app_context(), reading() as db:
        own = Panel.contest_id == contest_by_slug(db, slug).id
        seats = db.scalars(select(Seat).join(Seat.panel).where(own).order_by(Seat.number))
        return [f"{base}/judge/{links.card_token(seat)}" for seat in seats]


def screen_link(app: Flask, base: str) -> str:
    """A new big screen's link."""
    with app.app_context(), writing() as db:
        screen = Screen(contest_id=contest_by_slug(db, SLUG).id, name="主屏")
        db.add(screen)
        db.flush()
        return f"{base}/screen/{links.screen_token(screen)}"


def _table(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
