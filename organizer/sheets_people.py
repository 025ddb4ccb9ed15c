"""出场顺序表, 签到表 and 入场证: who comes on when, who has come, and the pass each contestant shows at the door."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from contest.models import Break, Contest, Entry
from contest.rules import Rules
from contest.welcoming import Guest
from organizer.paper_rows import Running
from organizer.sheets_facts import contest_facts, title_of
from web import fonts, links
from web.paper import table
from web.paper.page import EDGE, TALL, Paper, millimetres
from web.paper.table import Band, Column, Row
from web.paper.type import boxed
from web.words import language, shown_time

ON_A_PAGE, ROW, HEAD = 26, 25.0, 24.0
PASSES = 8
PASS_WIDE, PASS_TALL = millimetres(95), millimetres(68)


def order_list(contest: Contest, running: Running, breaks: Sequence[Break]) -> bytes:
    """The running order with its breaks. Who has withdrawn keeps the line and the number."""
    title = _("%(title)s出场顺序表", title=title_of(contest, running))
    after = {each.after: each for each in breaks}
    rows: list[Row] = []
    for each in running.appearances:
        entry = each.entry
        rows.append([
            each.number, entry.name or "", entry.title or "", _unit(entry, running.rules),
            _("弃权") if each.id in running.out else "",
        ])  # fmt: skip
        if each.position in after:
            rows.append(Band(_break(after[each.position])))
    columns = [
        Column(_("号"), 40, "center", bold=True), Column(_("姓名"), 100, bold=True), Column(_("讲解题目"), 185),
        Column(_("单位"), 138), Column(_("备注"), 60, "center"),
    ]  # fmt: skip
    return _listed(contest, title, columns, rows)


def sign_in_list(contest: Contest, guests: Sequence[Guest], rules: Rules) -> bytes:
    """Everybody expected at the door, with room to sign; who has come already is written in."""
    title = _("%(title)s签到表", title=title_of(contest, None))
    rows: list[Row] = []
    for guest in guests:
        came = shown_time(guest.check_in.at, contest.time_zone, "HH:mm") if guest.check_in else ""
        signed = _("弃权") if guest.out and not guest.check_in else ""
        rows.append([guest.number, guest.entry.name or "", _unit(guest.entry, rules), signed, came])
    columns = [
        Column(_("号"), 40, "center", bold=True), Column(_("姓名"), 110, bold=True), Column(_("单位"), 178),
        Column(_("签名"), 125, "center"), Column(_("时间"), 70, "center"),
    ]  # fmt: skip
    return _listed(contest, title, columns, rows)


def passes(contest: Contest, guests: Sequence[Guest], rules: Rules) -> bytes:
    """Eight passes on a sheet of A4, with cut marks; the code is what the door scans."""
    paper = Paper(_("%(title)s入场证", title=title_of(contest, None)), TALL)
    left, top = (paper.wide - 2 * PASS_WIDE) / 2, paper.tall - (paper.tall - 4 * PASS_TALL) / 2
    for at in range(0, max(len(guests), 1), PASSES):
        _cut_marks(paper, left, top)
        for number, guest in enumerate(guests[at : at + PASSES]):
            column, row = number % 2, number // 2
            _pass(paper, contest, guest, rules, left + column * PASS_WIDE, top - (row + 1) * PASS_TALL)
        paper.end_page()
    return paper.done()


def _pass(paper: Paper, contest: Contest, guest: Guest, rules: Rules, x: float, y: float) -> None:
    canvas, entry = paper.canvas, guest.entry
    pad, code = 12.0, millimetres(30)
    inside = PASS_WIDE - 2 * pad
    boxed(canvas, x + pad, y + PASS_TALL - 40, inside, 28, title_of(contest, None), 11, bold=True)
    canvas.setLineWidth(0.8)
    canvas.line(x + pad, y + PASS_TALL - 43, x + PASS_WIDE - pad, y + PASS_TALL - 43)
    words = inside - code - 10
    fonts.draw(canvas, x + pad, y + PASS_TALL - 58, _("入场证"), 10, space=2)
    boxed(canvas, x + pad, y + PASS_TALL - 100, words, 38, guest.number, 34, bold=True)
    boxed(canvas, x + pad, y + PASS_TALL - 134, words, 32, entry.name or "", 17, bold=True)
    division = rules.division_title(entry.division, language())
    boxed(canvas, x + pad, y + 22, words, 36, " · ".join(p for p in (division, entry.unit) if p), 9.5)
    facts = "  ".join(part for part in (_when(contest), contest.place) if part)
    boxed(canvas, x + pad, y + 7, inside, 14, facts, 8)
    paper.code(
        links.absolute("registration.open_pass", token=links.pass_token(entry)), x + PASS_WIDE - pad - code,
        y + 40, code,
    )  # fmt: skip
    fonts.draw(canvas, x + PASS_WIDE - pad - code / 2, y + 28, _("签到时请出示"), 8, align="center")


def _cut_marks(paper: Paper, left: float, top: float) -> None:
    canvas = paper.canvas
    canvas.setLineWidth(0.4)
    for column in range(3):
        x = left + column * PASS_WIDE
        canvas.line(x, top + 3, x, top + 14)
        canvas.line(x, top - 4 * PASS_TALL - 3, x, top - 4 * PASS_TALL - 14)
    for row in range(5):
        y = top - row * PASS_TALL
        canvas.line(left - 3, y, left - 12, y)
        canvas.line(left + 2 * PASS_WIDE + 3, y, left + 2 * PASS_WIDE + 12, y)


def _listed(contest: Contest, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    paper = Paper(title, TALL)
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    for page in range(1, pages + 1):
        top = paper.heading(title, contest_facts(contest), page, pages)
        own = rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        table.draw(paper.canvas, EDGE, top, columns, own, row=ROW, head=HEAD, size=10.5)
        paper.end_page()
    return paper.done()


def _unit(entry: Entry, rules: Rules) -> str:
    division = rules.division_title(entry.division, language())
    return " · ".join(part for part in (entry.unit, division) if part)


def _break(pause: Break) -> str:
    if pause.minutes is None:
        return pause.title
    return str(_("%(title)s，%(minutes)s 分钟", title=pause.title, minutes=pause.minutes))


def _when(contest: Contest) -> str:
    return shown_time(contest.starts_at, contest.time_zone, "yyyy-MM-dd HH:mm") if contest.starts_at else ""
