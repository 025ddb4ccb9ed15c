"""评委评分表: one per judge or one per contestant, blank for paper or filled with what may be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from flask_babel import gettext as _

from contest import signing
from contest.models import Appearance, Contest, LedgerHead, Signature
from contest.rules import Criterion, RoundRules
from contest.rules.sheets import sum_of
from organizer.paper_rows import Running, SeatSheet, round_rules
from organizer.sheets_facts import contest_facts, printed_at, short_code, title_of
from web import fonts
from web.paper import table
from web.paper.page import EDGE, Code, Ink, Paper
from web.paper.table import Column, Row
from web.paper.type import paragraph
from web.words import language, shown_time

ON_A_PAGE, ROW, HEAD = 14, 24.0, 30.0
TALL_ROW = 30.0
NOTE, NOTE_LEADING = 8.5, 12.0


def by_judge(
    contest: Contest, running: Running, seats: Sequence[SeatSheet], address: Callable[[SeatSheet, int], str],
    head: LedgerHead, signatures: Mapping[int, Signature],
) -> bytes:  # fmt: skip
    """A sheet for each judge: a line per contestant, a column per criterion, the total in a box, a line to sign.

    `address` is what a page's code opens; `signatures` by sitting id are those that stand for the sheets as they count
    now, and are drawn on their lines.
    """
    title = _("%(title)s评委评分表", title=title_of(contest, running))
    paper = Paper(title, foot=printed_at(head))
    for seat in seats:
        name, number = seat.sitting.person.name, seat.sitting.seat.number
        pages = -(-len(seat.appearances) // ON_A_PAGE)
        for page in range(1, pages + 1):
            own = seat.appearances[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
            facts = [_("评委席：%(seat)s", seat=number), _("评委：%(name)s", name=name), *contest_facts(contest)]
            top = paper.heading(title, facts, page, pages)
            table.draw(
                paper.canvas, EDGE, top, _contestants(round_rules(running), paper.wide - 2 * EDGE),
                [_line(running, each, seat) for each in own], row=ROW, head=HEAD, size=10,
            )  # fmt: skip
            code = Code(address(seat, page), short_code("PF", contest, f"{number}-{page}"))
            paper.signatures([_("评委签字："), _("记分员：")], code, signed=_ink(contest, signatures, seat))
            paper.end_page()
    return paper.done()


def _ink(contest: Contest, signatures: Mapping[int, Signature], seat: SeatSheet) -> Ink | None:
    found = signatures.get(seat.sitting.id)
    if found is None:
        return None
    said = _(
        "%(at)s 在平板上签名，记录 №%(seq)s，清单校验码 %(digits)s", at=shown_time(found.signed_at, contest.time_zone),
        seq=found.ledger_seq, digits=found.digest[:16],
    )  # fmt: skip
    strokes = json.loads(found.strokes) if found.strokes else None
    return Ink(strokes, found.typed or "", said, signing.WIDE, signing.TALL)


def by_contestant(
    contest: Contest, running: Running, seats: Sequence[SeatSheet], address: Callable[[Appearance], str],
    stories: Mapping[int, str], head: LedgerHead,
) -> bytes:  # fmt: skip
    """A sheet for each contestant: a line per judge, who signs at its end; below, how the score came about."""
    title = _("%(title)s选手评分表", title=title_of(contest, running))
    paper = Paper(title, foot=printed_at(head))
    for page, each in enumerate(running.appearances, start=1):
        who = " ".join(part for part in (each.entry.name, each.entry.unit) if part)
        facts = [
            _("号码：%(number)s", number=each.number), who, each.entry.title or "",
            _("弃权") if each.id in running.out else "",
        ]  # fmt: skip
        top = paper.heading(title, facts, page, len(running.appearances))
        own = [seat for seat in seats if each in seat.appearances]
        rules = round_rules(running, each.entry.division)
        rows = [
            [str(seat.sitting.seat.number), seat.sitting.person.name, *_values(rules, each, seat), ""] for seat in own
        ]  # fmt: skip
        told = fonts.wrap(stories.get(each.id, ""), NOTE, paper.wide - 2 * EDGE)
        height = min(TALL_ROW, (top - 110 - HEAD - NOTE_LEADING * len(told)) / max(len(rows), 1))
        columns = _judges(rules, paper.wide - 2 * EDGE)
        foot = table.draw(paper.canvas, EDGE, top, columns, rows, row=height, head=HEAD, size=10.5)
        paragraph(paper.canvas, EDGE, foot - 4, paper.wide - 2 * EDGE, stories.get(each.id, ""), NOTE, NOTE_LEADING)
        code = Code(address(each), short_code("XS", contest, each.number))
        paper.signatures([_("记分员："), _("监督组：")], code)
        paper.end_page()
    return paper.done()


def _contestants(rules: RoundRules, room: float) -> list[Column]:
    first = [Column(_("号"), 40, "center", bold=True), Column(_("姓名"), 92, bold=True), Column(_("讲解题目"), 0)]
    marks = _criteria(rules)
    each = min(86.0, (room - 132 - 150 - 70) / max(len(marks), 1))
    left = room - 132 - 70 - each * len(marks)
    return [*first[:2], Column(_("讲解题目"), left), *(_sized(mark, each) for mark in marks), _total(rules, 70)]


def _judges(rules: RoundRules, room: float) -> list[Column]:
    marks = _criteria(rules)
    each = min(96.0, (room - 44 - 90 - 80 - 120) / max(len(marks), 1))
    left = room - 44 - 90 - 80 - each * len(marks)
    return [
        Column(_("评委席"), 44, "center", bold=True), Column(_("评委"), 90),
        *(_sized(mark, each) for mark in marks), _total(rules, 80), Column(_("评委签字"), left),
    ]  # fmt: skip


def _criteria(rules: RoundRules) -> list[tuple[str, str]]:
    return [(each.title.in_(language()), _range(each)) for each in rules.criteria]


def _sized(mark: tuple[str, str], wide: float) -> Column:
    return Column(mark[0], wide, "center", note=mark[1])


def _total(rules: RoundRules, wide: float) -> Column:
    most = "" if rules.sheet_max is None else f"0–{rules.sheet_max:f}"
    return Column(_("总分"), wide, "center", note=most, bold=True, shaded=True, size=12)


def _range(criterion: Criterion) -> str:
    if criterion.levels:
        return f"{criterion.levels[0].title.in_(language())}–{criterion.levels[-1].title.in_(language())}"
    return f"{criterion.min:f}–{criterion.max:f}"


def _line(running: Running, appearance: Appearance, seat: SeatSheet) -> Row:
    entry = appearance.entry
    values = _values(round_rules(running, entry.division), appearance, seat)
    if appearance.id in running.out:
        values = ["", *[""] * (len(values) - 2), _("弃权")]
    return [appearance.number, entry.name or "", entry.title or "", *values]


def _values(rules: RoundRules, appearance: Appearance, seat: SeatSheet) -> list[str]:
    marks = seat.marks.get(appearance.id)
    if marks is None:
        return [""] * (len(rules.criteria) + 1)
    whole = rules.sheet_max is not None and all(each.id in marks for each in rules.criteria)
    total = sum_of(rules, marks) if whole else None
    return [*(_mark(each, marks.get(each.id)) for each in rules.criteria), _text(total)]


def _mark(criterion: Criterion, value: Decimal | None) -> str:
    level = None if value is None else criterion.level_of(value)
    return _text(value) if level is None else level.title.in_(language())


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
