"""The spreadsheet of entries: a contestant a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from contest import importing
from contest.answers import FIELDS, age_on
from contest.models import Contest
from contest.rules import Rules
from organizer.tables import Cells, Checked, Column, Wrong, check_rows
from web import fields
from web.words import language
from web.workbooks import Page, Sheet

CONSENT_BELOW = 14
WRITTEN_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
WIDTHS = {"title": 36, "unit": 24}
NEEDED = ("name", "unit", "title")


def columns(rules: Rules) -> list[Column]:
    """The columns of the template; the division only where the contest has divisions."""
    names = ["name", "reading", "birth_date", "unit", *(["division"] if rules.divisions else []), "title", "teacher"]
    return [
        Column(
            name, lambda name=name: fields.label(name), name in NEEDED or name == "division", WIDTHS.get(name, 16),  # type: ignore[misc]
            _divisions(rules) if name == "division" else (),
        )
        for name in names
    ]  # fmt: skip


def template(rules: Rules) -> list[Page]:
    """The empty template, with the choices of its columns and a second page that explains them."""
    own = columns(rules)
    heads = [column.title() for column in own]
    notes = [
        [fields.label("birth_date"), _("写成 2012-03-04。没有填的按未成年人处理，公开页面只显示姓氏。")],
        [fields.label("title"), _("最多 %(most)s 字", most=FIELDS["title"].most)],
        [fields.label("teacher"), _("几位老师之间用顿号隔开")],
    ]
    return [
        Page(_("报名"), heads, [], {at: column.choices for at, column in enumerate(own) if column.choices},
             [column.width for column in own]),
        Page(_("填写说明"), [_("列"), _("怎么填")], notes, widths=(16, 60)),
    ]  # fmt: skip


def check(db: Session, contest: Contest, rules: Rules, sheets: Sequence[Sheet], today: date) -> Checked:
    """Read the first worksheet."""
    seen: dict[tuple[str, ...], int] = {}

    def read(cells: Cells) -> tuple[object, list[Wrong]]:
        wrong = [
            Wrong(name, _("最多 %(most)s 字，这里有 %(found)s 字", most=FIELDS[name].most, found=len(text)))
            for name, text in cells.items() if len(text) > FIELDS[name].most
        ]  # fmt: skip
        answers = dict(cells)
        wrong += _date(answers, today, contest) + _division(answers, rules)
        key = (answers["name"], answers["unit"], answers["title"])
        known = importing.known_entry(db, contest, answers)
        if known is not None:
            wrong.append(Wrong("name", _("没有报过的选手。第 %(number)s 号与这一行相同", number=known)))
        elif key in seen:
            wrong.append(Wrong("name", _("每位选手一行。这一行与前面的重复")))
        seen[key] = 1
        return answers, wrong

    return check_rows(sheets[0], columns(rules), read)


def _divisions(rules: Rules) -> list[str]:
    return [text.in_(language()) for text in rules.divisions.values()]


def _date(answers: Cells, today: date, contest: Contest) -> list[Wrong]:
    text = answers["birth_date"]
    if not text:
        return [Wrong("birth_date", _("最好填写；没有填的按未成年人处理"), warning=True)]
    written = WRITTEN_DATE.fullmatch(text)
    try:
        born = date(*(int(part) for part in written.groups())) if written else date.fromisoformat(text)
    except ValueError:
        return [Wrong("birth_date", _("应为 2012-03-04 这样的日期"))]
    answers["birth_date"] = born.isoformat()
    age = age_on(born, today)
    if not 3 <= age <= 100:
        return [Wrong("birth_date", _("出生日期看起来不对，请核对"))]
    low, high = contest.min_age, contest.max_age
    if (low is not None and age < low) or (high is not None and age > high):
        return [Wrong("birth_date", _("参赛年龄以内；这位选手 %(age)s 岁", age=age))]
    if age < CONSENT_BELOW:
        return [Wrong("birth_date", _("未满 14 周岁，请确认已收到监护人签字的同意书"), warning=True)]
    return []


def _division(answers: Cells, rules: Rules) -> list[Wrong]:
    if not rules.divisions:
        return []
    for code, title in rules.divisions.items():
        if answers["division"] in (code, title.zh, title.en):
            answers["division"] = code
            return []
    known = "、".join(_divisions(rules))
    return [Wrong("division", _("组别之一：%(known)s", known=known))]
