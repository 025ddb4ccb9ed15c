"""Spreadsheets out: entries, people and results as they stand, each row as the pages show it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import answers, awarding, board
from contest.models import (
    Account,
    Audience,
    CheckIn,
    Contest,
    Duty,
    Entry,
    Member,
    MemberRole,
    Panel,
    Registration,
    Ruling,
    RulingKind,
    Seat,
    Sitting,
)  # fmt: skip
from contest.rules import Rules
from web import fields
from web.words import language, role_word, shown_time
from web.workbooks import Page


def entries(db: Session, contest: Contest, rules: Rules) -> list[Page]:
    """Every accepted entry with what its registration says; personal data, for the organizer alone."""
    forms = {
        form.entry_id: (form.receipt or "", answers.read(form.answers)) for form in db.scalars(
            select(Registration).where(Registration.contest_id == contest.id, Registration.entry_id.is_not(None))
        )
    }  # fmt: skip
    through = {
        row.entry_id: shown_time(row.at, contest.time_zone, "yyyy-MM-dd HH:mm") for row in db.scalars(
            select(CheckIn).join(CheckIn.entry).where(Entry.contest_id == contest.id, CheckIn.undone_at.is_(None))
        )
    }  # fmt: skip
    withdrawn = set(db.scalars(
        select(Ruling.entry_id).where(
            Ruling.contest_id == contest.id, Ruling.kind == RulingKind.WITHDRAWN, Ruling.cancelled_at.is_(None)
        )
    ))  # fmt: skip
    heads = [
        _("编号"), *(fields.label(name) for name in ("name", "reading", "birth_date", "unit", "division", "title")),
        *(fields.label(name) for name in ("teacher", "delegation", "phone")), _("报名回执"), _("签到"), _("备注"),
    ]  # fmt: skip
    rows = []
    for entry in db.scalars(
        select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.position)
        .options(selectinload(Entry.members).joinedload(Member.person))
    ):  # fmt: skip
        receipt, form = forms.get(entry.id, ("", {}))
        authors = [member.person for member in entry.members if member.role is MemberRole.AUTHOR]
        born = authors[0].birth_date if authors else None
        teachers = [member.person.name for member in entry.members if member.role is MemberRole.TEACHER]
        rows.append([
            entry.code, entry.name or "", entry.reading, born.isoformat() if born else "", entry.unit or "",
            _division(rules, entry.division), entry.title or "", "、".join(teachers), form.get("delegation", ""),
            form.get("phone", ""), receipt, through.get(entry.id, ""), _("弃权") if entry.id in withdrawn else "",
        ])  # fmt: skip
    return [Page(_("报名"), heads, rows, widths=(8, 14, 14, 12, 24, 12, 36, 16, 20, 14, 12, 18, 10))]


def people(db: Session, contest: Contest) -> list[Page]:
    """The judges by seat, and the staff with their roles."""
    judges = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        .order_by(Panel.code, Seat.number, Sitting.id)
        .options(joinedload(Sitting.seat).joinedload(Seat.panel), joinedload(Sitting.person))
    ).all()  # fmt: skip
    roles: dict[int, list[str]] = {}
    accounts: dict[int, Account] = {}
    for duty in db.scalars(
        select(Duty).where(Duty.contest_id == contest.id).options(joinedload(Duty.account)).order_by(Duty.id)
    ):
        accounts[duty.account_id] = duty.account
        roles.setdefault(duty.account_id, []).append(role_word(duty.role))
    return [
        Page(_("评委"), [_("评委组"), _("席位"), _("评委姓名")],
             [[sitting.seat.panel.code, sitting.seat.number, sitting.person.name] for sitting in judges],
             widths=(10, 8, 20)),
        Page(_("工作人员"), [_("姓名"), _("用户名"), _("身份")],
             [[accounts[key].display_name, accounts[key].username, "、".join(roles[key])] for key in accounts],
             widths=(16, 20, 30)),
    ]  # fmt: skip


def results(db: Session, contest: Contest) -> list[Page]:
    """Each round's released results as the staff's board has them: seats, dropped marks in brackets, places, awards."""
    stored = board.frame_of(db, contest, Audience.STAFF)
    rounds: list[dict[str, Any]] = json.loads(stored.board)["rounds"] if stored else []
    given: dict[str, list[str]] = {}
    for award in awarding.standing_awards(db, contest):
        given.setdefault(award.entry.code, []).append(award.title)
    return [_round_page(round_, given) for round_ in rounds] or [Page(_("成绩"), [_("名次")], [])]


def _round_page(round_: dict[str, Any], given: dict[str, list[str]]) -> Page:
    seats = sorted({sheet["seat"] for row in round_["rows"] for sheet in row["sheets"]}, key=str)
    changed = [change for row in round_["rows"] for change in row["adjustments"]]
    title = next((row["panel_title"][language()] for row in round_["rows"] if row.get("panel_title")), _("评委分"))
    changes = list(dict.fromkeys(change["title"][language()] for change in changed))
    heads = [
        _("名次"), _("出场号"), _("姓名"), _("单位"), _("组别"), _("讲解题目"),
        *(_("评委 %(seat)s", seat=seat) for seat in seats), title, *changes, _("最终得分"), _("奖项"), _("备注"),
        _("说明"),
    ]  # fmt: skip
    rows = []
    for row in round_["rows"]:
        marks = {sheet["seat"]: sheet for sheet in row["sheets"]}
        values = {change["title"][language()]: change["value"] for change in row["adjustments"]}
        rows.append([
            row["place"] if row["place"] is not None else "", row["number"], row["name"] or "", row["unit"] or "",
            row["division"] or "", row["title"] or "", *(_mark(marks.get(seat)) for seat in seats),
            _number(row["panel"]), *(_number(values.get(title)) for title in changes), _number(row["score"]),
            "、".join(given.get(row["entry"], [])), row["note"] or "", row["story"][language()],
        ])  # fmt: skip
    widths = (6, 8, 14, 24, 10, 36, *[10] * (len(heads) - 7), 80)
    return Page(str(round_["title"][language()]), heads, rows, widths=widths)


def _mark(sheet: dict[str, Any] | None) -> object:
    if sheet is None:
        return ""
    return f"（{sheet['score']}）" if sheet["dropped"] else _number(sheet["score"])


def _number(text: str | None) -> object:
    """A published figure as an exact number; the workbook shows it with its decimals."""
    return Decimal(text) if text else ""


def _division(rules: Rules, code: str | None) -> str:
    return rules.divisions[code].in_(language()) if code and code in rules.divisions else code or ""
