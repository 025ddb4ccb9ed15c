"""The spreadsheet of marks that judges wrote on paper: a worksheet a seat, a contestant a row, a criterion a column."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import queries
from contest.importing import MarksRow
from contest.models import Appearance, Contest, Round, Sitting
from contest.rules import MarkError, RoundRules, Rules
from organizer.tables import Checked, Problem
from web.words import language
from web.workbooks import Page, Row, Sheet


def template(db: Session, round_: Round, rules: Rules) -> list[Page]:
    """The round's contestants for each seat, with an empty cell for each mark that is not in yet."""
    pages: dict[int, Page] = {}
    rows: dict[int, list[list[object]]] = {}
    for appearance in queries.appearances_in_order(db, round_):
        sheets = queries.sheets_of(db, appearance)
        criteria = queries.round_rules(rules, appearance).criteria
        for sitting in queries.sittings_for(db, appearance):
            if sitting.id in sheets and sheets[sitting.id].is_final:
                continue
            heads = [_("出场号"), _("姓名"), *(criterion.title.in_(language()) for criterion in criteria)]
            seat = sitting.seat
            empty = [""] * len(criteria)
            rows.setdefault(seat.id, []).append([appearance.number, appearance.entry.name or "", *empty])
            widths = (10, 16, *(14 for _each in criteria))
            pages[seat.id] = Page(page_name(sitting), heads, rows[seat.id], widths=widths)
    return list(pages.values()) or [Page(_("评分"), [_("出场号"), _("姓名")], [])]


def round_typed(db: Session, contest: Contest) -> Round:
    """The round whose paper sheets are typed in: the one being judged, else the first."""
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    return next((each for each in rounds if each.is_judging), rounds[0])


def check(db: Session, round_: Round, rules: Rules, sheets: Sequence[Sheet]) -> Checked:
    """Read every worksheet; a row without any mark is left out."""
    checked = Checked()
    appearances = {each.number: each for each in queries.appearances_in_order(db, round_)}
    for sheet in sheets:
        for row in sheet.rows:
            _check_row(db, rules, sheet, row, appearances, checked)
    if not checked.ready and not checked.problems:
        checked.problems.append(Problem(2, "", "", _("至少一行评分。表里现在是空的。")))
    return checked


def _check_row(
    db: Session, rules: Rules, sheet: Sheet, row: Row, appearances: dict[str, Appearance], checked: Checked
) -> None:
    number = row.cells.get(sheet.heads[0], "")
    appearance = appearances.get(number)
    marks = {head: text for head, text in row.cells.items() if head in sheet.heads[2:] and text}
    if not marks:
        return
    wrong: list[Problem] = []
    if appearance is None:
        wrong.append(Problem(row.number, sheet.heads[0], number, _("本轮的出场号"), sheet=sheet.name))
    else:
        sitting = next((each for each in queries.sittings_for(db, appearance) if page_name(each) == sheet.name), None)
        values, wrong = _marks(queries.round_rules(rules, appearance), sheet, row)
        if sitting is None:
            wrong.append(Problem(row.number, "", sheet.name, _("本轮评委的工作表，名称不要改"), sheet=sheet.name))
        elif _is_in(db, appearance, sitting):
            expected = _("还没有提交的评分。这一席已经提交")
            wrong.append(Problem(row.number, sheet.heads[0], number, expected, sheet=sheet.name))
        elif not wrong:
            checked.ready.append(MarksRow(sitting, appearance, values))
    checked.problems += wrong
    if wrong:
        checked.keep_bad(sheet, row)


def _marks(rules: RoundRules, sheet: Sheet, row: Row) -> tuple[dict[str, Decimal], list[Problem]]:
    values: dict[str, Decimal] = {}
    wrong = []
    for criterion in rules.criteria:
        head = next((h for h in sheet.heads if h in (criterion.title.zh, criterion.title.en, criterion.id)), "")
        text = row.cells.get(head, "")
        try:
            values[criterion.id] = criterion.check(text)
        except MarkError as error:
            title = head or criterion.title.in_(language())
            expected = _("这一项的分数") if not text else error.in_(language())
            wrong.append(Problem(row.number, title, text, expected, sheet=sheet.name))
    return values, wrong


def _is_in(db: Session, appearance: Appearance, sitting: Sitting) -> bool:
    sheet = queries.sheets_of(db, appearance).get(sitting.id)
    return sheet is not None and sheet.is_final


def page_name(sitting: Sitting) -> str:
    """The worksheet of a judge: the panel, the seat and the name."""
    return f"{sitting.seat.panel.code}-{sitting.seat.number} {sitting.person.name}"[:31]
