"""The people around the demo: forms that became the final's entries, the door's list, and next year's registration.

Forms are written as the registration would have left them; nobody holds their codes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import answers, entering, removing, staffing, welcoming
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Contest,
    Decision,
    Delegation,
    Entry,
    Milestone,
    Organization,
    Registration,
    RegistrationState,
    Submission,
)  # fmt: skip
from contest.rules import read_rules
from settings import HERE

NEXT = "demo-next"
DOOR, NOT_YET_HERE = "南门", ("33", "38", "40")
UNITS = {
    "市人民医院": "市卫生健康委", "中医院": "市卫生健康委", "市疾控中心": "市卫生健康委", "青少年宫": "市教育局",
    "星河市第一中学": "市教育局", "星河市第二中学": "市教育局",
}  # fmt: skip
OTHERS = "市直机关"
# Who has sent a form for next year: name, born, unit, talk, delegation, how far it has come, why it came back.
FORMS = (
    ("柳映川", "1996-04-12", "星河大学", "潮汐为什么一天两次", "星河大学", RegistrationState.SUBMITTED, ""),
    ("阿依古丽·买买提", "1999-11-02", "望海县气象站", "一朵云有多重", "望海县", RegistrationState.SUBMITTED, ""),
    ("龚𬭎", "1988-07-21", "市气象局", "台风为什么会拐弯", "市气象局", RegistrationState.SUBMITTED, ""),
    ("苏芷", "2008-09-30", "星河市第一中学", "声音能不能灭火", "市教育局", RegistrationState.SUBMITTED, ""),
    ("程砚", "1992-01-15", "云岭县文化馆", "古法造纸里的化学", "云岭县", RegistrationState.RETURNED,
     "讲解题目和去年的获奖作品重名，请换一个说法。"),
    ("何暮", "2001-03-08", "青禾区图书馆", "", "青禾区", RegistrationState.DRAFT, ""),
)  # fmt: skip


def register(db: Session, contest: Contest, *, now: datetime) -> None:
    """Give every entry of the final the form it was accepted from, and let all but a few through the door."""
    sent = {name: name for name in db.scalars(select(Delegation.name).where(Delegation.contest_id == contest.id))}
    entries = db.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.position)).all()
    for entry in entries:
        given = {"name": entry.name or "", "unit": entry.unit or "", "title": entry.title or ""}
        given["truthful"] = answers.YES
        given["delegation"] = sent.get(given["unit"]) or UNITS.get(given["unit"], OTHERS)
        at = now - timedelta(days=18 + 7 * entry.position % 30, minutes=11 * entry.position)
        form = _form(db, contest, given, RegistrationState.APPROVED, entry.position, at)
        form.entry_id = entry.id
        _submission(db, form, Decision.APPROVED, "", (), at)
    db.flush()
    steward = db.scalars(select(Account).where(Account.username == "steward")).one()
    for entry in entries:
        if entry.code not in NOT_YET_HERE:
            welcoming.check_in(
                db, contest, entry=entry, account=steward, door=DOOR, press="", by=SYSTEM, now=now,
                waited=timedelta(minutes=90 - entry.position),
            )  # fmt: skip


def open_next(db: Session, organization: Organization, *, now: datetime) -> None:
    """Make next year's contest anew, whose registration is open, with a few forms in the review's queue."""
    old = db.scalars(select(Contest).where(Contest.slug == NEXT)).one_or_none()
    if old is not None:
        removing.remove_contest(db, old)
    rules = read_rules((HERE / "contest/rules/presets/lecture-preliminary.toml").read_bytes())
    contest = entering.create_contest(
        db, slug=NEXT, title="第九届星河市科普讲解大赛", organization=organization, rules=rules, by=SYSTEM, now=now
    )
    contest.title_en, contest.edition = "The 9th Xinghe City Science Lecture Contest", "第九届"
    contest.summary = "报名开放中。演示数据，可以放心试着报一次名。"
    contest.summary_en = "Registration is open. This is a demo: try it with any name you like."
    contest.place, contest.contact = "星河市科技馆银杏报告厅", "0512-0000 1234 江晚"
    nine = now.astimezone(ZoneInfo(contest.time_zone)).replace(hour=9, minute=0, second=0, microsecond=0)
    contest.registration_opens_at, contest.registration_closes_at = nine - timedelta(days=6), nine + timedelta(24.375)
    contest.starts_at, contest.quota, contest.min_age = nine + timedelta(days=40), 320, 8
    contest.published_at = now - timedelta(days=7)
    names = dict.fromkeys(form[4] for form in FORMS)
    db.add_all(
        Delegation(contest_id=contest.id, name=name, quota=5, position=at) for at, name in enumerate(names, start=1)
    )
    db.add(Milestone(
        contest_id=contest.id, title="公布入围名单", title_en="Finalists announced", at=nine + timedelta(days=30)
    ))  # fmt: skip
    for at, (name, born, unit, title, delegation, state, reason) in enumerate(FORMS, start=1):
        given = {
            "name": name, "birth_date": born, "phone": f"1390000{1200 + at}", "unit": unit, "title": title,
            "delegation": delegation, "portrait": answers.YES, "truthful": answers.YES,
        }  # fmt: skip
        sent = now - timedelta(hours=5 * at)
        form = _form(db, contest, given, state, at, sent)
        if state is RegistrationState.SUBMITTED:
            _submission(db, form, None, "", (), sent)
        elif state is RegistrationState.RETURNED:
            _submission(db, form, Decision.RETURNED, reason, ("title",), sent)
    db.flush()


def _form(
    db: Session, contest: Contest, given: Mapping[str, str], state: RegistrationState, number: int, at: datetime
) -> Registration:
    draft = state is RegistrationState.DRAFT
    form = Registration(
        contest_id=contest.id, state=state, answers=answers.write(given), page=2 if draft else 4,
        code_hash=staffing.code_hash(secrets.token_hex(16)), receipt=None if draft else f"R-{number:04d}",
        created_at=at - timedelta(days=1), updated_at=at, submitted_at=None if draft else at,
    )  # fmt: skip
    db.add(form)
    return form


def _submission(
    db: Session, form: Registration, decision: Decision | None, reason: str, fields: tuple[str, ...], at: datetime
) -> None:
    named = "[" + ", ".join(f'"{name}"' for name in fields) + "]"
    db.add(Submission(
        registration=form, number=1, answers=form.answers, submitted_at=at, decision=decision, reason=reason,
        fields=named, decided_at=None if decision is None else at + timedelta(hours=3),
    ))  # fmt: skip
