"""HTTP in, HTTP out: a paper score sheet, opened by its QR code and typed by one person; another one confirms it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from contest import importing, queries
from contest.errors import NotFound
from contest.importing import MARKS, MarksRow
from contest.models import Account, Appearance, Contest, Round, Sitting
from contest.rules import Criterion, MarkError, RoundRules, Rules
from contest.rules.sheets import sum_of
from organizer import marks_table, paper_rows
from organizer.blueprint import blueprint
from organizer.marks_table import round_typed
from organizer.sheets_marks import ON_A_PAGE
from web import live, uploads, workbooks
from web.db import reading, writing
from web.uploads import Kind
from web.words import language

LONGEST = 24


@dataclass
class TypedRow:
    """A judge's sheet of one contestant as it is typed: a text per criterion, and what is wrong with which of them."""

    sitting: Sitting
    appearance: Appearance
    criteria: Sequence[Criterion]
    is_in: bool
    values: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What its fields' names begin with."""
        return f"{self.sitting.public_id}.{self.appearance.public_id}"

    def read(self) -> None:
        """Take what was typed, and note what is wrong with it; a row without anything typed is left out."""
        texts = {each.id: request.form.get(f"{self.key}.{each.id}", "").strip()[:LONGEST] for each in self.criteria}
        self.values = texts if any(texts.values()) else {}
        for criterion in self.criteria if self.values else ():
            try:
                criterion.check(texts[criterion.id])
            except MarkError as error:
                said = error.in_(language()) if texts[criterion.id] else _("请填这一项的分数")
                self.wrong[criterion.id] = str(said)


@blueprint.get("/admin/contests/<slug>/papers/<round>/typing")
def type_paper(slug: str, round: str) -> str:
    """The form of a printed sheet: `seat` and `page` of a judge's, `appearance` of a contestant's; without, a list."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        found = queries.round_of(db, contest, round)
        if not request.args.get("seat") and not request.args.get("appearance"):
            return _choice(db, contest, found)
        return _page(contest, found, _rows(db, contest, found), judged=_judged(db, contest, found))


@blueprint.post("/admin/contests/<slug>/papers/<round>/typing")
def type_paper_in(slug: str, round: str) -> Response | tuple[str, int]:
    """Put what was typed aside for another person to confirm; nothing counts yet."""
    with reading() as db:
        contest = queries.contest_by_slug(db, slug)
        found = queries.round_of(db, contest, round)
        rows = [] if not _judged(db, contest, found) else _rows(db, contest, found)
        for row in rows:
            if not row.is_in:
                row.read()
        typed = [row for row in rows if row.values]
        if not typed or any(row.wrong for row in typed):
            return _page(contest, found, rows, judged=bool(rows), empty=not typed), 422
        received = uploads.receive(_file(typed), kinds={Kind.SPREADSHEET}, most_bytes=uploads.MEGABYTE)
    with writing() as db:
        contest = queries.contest_by_slug(db, slug)
        batch = importing.put_aside(
            db, contest, kind=MARKS, file=uploads.keep(db, contest, received, now=live.now()),
            account=db.get_one(Account, current_user.id), now=live.now(),
        )  # fmt: skip
    flash(_("已录入，还没有计入。请另一位工作人员对照纸质评分表确认。"), "success")
    return redirect(url_for(".paper_batch", slug=slug, batch=batch.public_id), code=303)


def ready_rows(rules: Rules, ready: Sequence[MarksRow]) -> list[tuple[MarksRow, list[str], str]]:
    """What is to be confirmed, beside the paper: each sheet's marks in the criteria's order, and their sum.

    Whoever confirms holds the paper with the same marks on it; once they are in, no page shows them before release.
    """
    found = []
    for row in ready:
        own = queries.round_rules(rules, row.appearance)
        total = sum_of(own, row.marks) if own.sheet_max is not None else None
        found.append((row, _texts(own, row), "" if total is None else f"{total:f}"))
    return found


def _texts(own: RoundRules, row: MarksRow) -> list[str]:
    texts = []
    for criterion in own.criteria:
        mark = row.marks[criterion.id]
        level = criterion.level_of(mark)
        said = f"{mark:f}" if level is None else level.title.in_(language())
        texts.append(f"{criterion.title.in_(language())} {said}")
    return texts


def _rows(db: Session, contest: Contest, round_: Round) -> list[TypedRow]:
    """The rows of the printed sheet that is asked for. Raises NotFound for one that there is not."""
    running = paper_rows.running(db, contest, round_)
    seats = paper_rows.seat_sheets(db, contest, running, filled=False)
    appearance, seat, page = (request.args.get(name, "") for name in ("appearance", "seat", "page"))
    if appearance:
        pairs = [
            (each.sitting, own) for each in seats for own in each.appearances if own.public_id == appearance
        ]  # fmt: skip
    else:
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        pairs = [
            (each.sitting, own) for each in seats if each.sitting.public_id == seat
            for own in each.appearances[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        ]  # fmt: skip
    if not pairs:
        raise NotFound
    sheets = {own.id: queries.sheets_of(db, own) for _sitting, own in pairs}
    return [
        TypedRow(
            sitting, own, queries.round_rules(running.rules, own).criteria,
            sitting.id in sheets[own.id] and sheets[own.id][sitting.id].is_final,
        )
        for sitting, own in pairs if own.id not in running.out
    ]  # fmt: skip


def _choice(db: Session, contest: Contest, round_: Round) -> str:
    """The judges' sheets of a round, to choose from without a code."""
    running = paper_rows.running(db, contest, round_)
    seats = paper_rows.seat_sheets(db, contest, running, filled=False)
    return render_template(
        "organizer/paper_sheets.html", contest=contest, round=round_, judged=_judged(db, contest, round_),
        sheets=[(each.sitting, -(-len(each.appearances) // ON_A_PAGE)) for each in seats],
        room_here="organizer.paper_marks",
    )  # fmt: skip


def _judged(db: Session, contest: Contest, round_: Round) -> bool:
    """Whether sheets of this round are taken in from paper now."""
    return round_.is_judging and round_typed(db, contest).id == round_.id


def _file(rows: Sequence[TypedRow]) -> FileStorage:
    """What was typed as the spreadsheet that the same judges' template would have become."""
    pages: dict[str, list[list[object]]] = defaultdict(list)
    heads: dict[str, list[str]] = {}
    for row in rows:
        name = marks_table.page_name(row.sitting)
        heads[name] = [_("出场号"), _("姓名"), *(each.title.in_(language()) for each in row.criteria)]
        pages[name].append([row.appearance.number, row.appearance.entry.name or "", *row.values.values()])
    made = workbooks.write([workbooks.Page(name, heads[name], lines) for name, lines in pages.items()])
    numbers = list(dict.fromkeys(row.appearance.number for row in rows))
    seats = list(dict.fromkeys(row.sitting.seat.number for row in rows))
    told = _("第 %(seat)s 席", seat=seats[0]) if len(seats) == 1 else _("第 %(number)s 号", number=numbers[0])
    return FileStorage(io.BytesIO(made), filename=f"{_('纸质评分')} {told}.xlsx")


def _page(contest: Contest, round_: Round, rows: Sequence[TypedRow], *, judged: bool, empty: bool = False) -> str:
    return render_template(
        "organizer/paper_typing.html", contest=contest, round=round_, rows=rows, judged=judged, empty=empty,
        by_seat=not request.args.get("appearance"), room_here="organizer.paper_marks", longest=LONGEST,
    )  # fmt: skip
