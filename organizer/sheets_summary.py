"""成绩汇总表: a line per contestant, a column per seat, dropped marks struck through, signatures, the seal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from contest.models import Contest, LedgerHead
from contest.rules import EntryScore, RoundRules, say_panel, say_status, story
from contest.rules.shape import PanelOf
from organizer.paper_rows import Line, Result, round_rules
from organizer.sheets_facts import contest_facts, printed_at, short_code, title_of
from web import fonts
from web.paper import table
from web.paper.page import EDGE, Code, Paper
from web.paper.table import Cell, Column, Row
from web.paper.type import paragraph
from web.words import language, shown_time

ON_A_PAGE, ROW, HEAD = 16, 21.0, 23.0
NOTE, NOTE_LEADING = 8.5, 12.0
# Below the table stand the notes; below them, the signatures begin here.
SIGNED_FROM = 100.0


def draw(contest: Contest, result: Result, address: str, head: LedgerHead) -> bytes:
    """The whole summary as a PDF, division after division. `address` opens where the result is read."""
    title = _("%(title)s评分汇总表", title=title_of(contest, result.running))
    paper = Paper(title, foot=printed_at(head))
    sheets = [
        (division, lines[at : at + ON_A_PAGE], at + ON_A_PAGE >= len(lines), lines)
        for division, lines in result.groups.items() for at in range(0, max(len(lines), 1), ON_A_PAGE)
    ]  # fmt: skip
    extra = {number: _overflow(sheet[1], _notes(result, sheet[3])) for number, sheet in enumerate(sheets) if sheet[2]}
    pages = len(sheets) + sum(bool(rest) for rest in extra.values())
    page = 0
    for number, (division, lines, last, whole) in enumerate(sheets):
        page += 1
        notes = _notes(result, whole) if last else []
        rest = extra.get(number, [])
        top = paper.heading(title, _facts(contest, result, division), page, pages)
        columns = _columns(round_rules(result.running, division), whole, paper.wide - 2 * EDGE)
        rows = [row_of(result, line, whole) for line in lines]
        foot = table.draw(paper.canvas, EDGE, top, columns, rows, row=ROW, head=HEAD, size=9.5)
        _write(paper, foot - 4, notes[: len(notes) - len(rest)])
        _sign(paper, contest, result, address, page)
        if rest:
            page += 1
            top = paper.heading(title, _facts(contest, result, division), page, pages)
            _write(paper, top, rest)
            _sign(paper, contest, result, address, page)
    return paper.done()


def _facts(contest: Contest, result: Result, division: str | None) -> list[str]:
    rules = round_rules(result.running, division)
    trim = rules.panel.trim
    version = _("规则 %(hash)s", hash=result.running.rules.sha256[:8])
    if rules.panel.of is PanelOf.SHEETS and rules.panel.size:
        version = _(
            "规则 %(hash)s，%(size)s 评委去 %(high)s 高 %(low)s 低", hash=result.running.rules.sha256[:8],
            size=rules.panel.size, high=trim.high, low=trim.low,
        )  # fmt: skip
    group = result.running.rules.division_title(division, language())
    return [_("组别：%(group)s", group=group) if group else "", *contest_facts(contest), version]


def _seats(lines: Sequence[Line]) -> list[str]:
    seats = {sheet.seat or "" for line in lines if line.score for sheet in line.score.sheets}
    return sorted(seats, key=lambda seat: (len(seat), seat))


def _by_seat(score: EntryScore | None) -> bool:
    return score is not None and any(sheet.total is not None for sheet in score.sheets)


def _columns(rules: RoundRules, lines: Sequence[Line], room: float) -> list[Column]:
    """Seats where whole sheets are counted, else the criteria with what each came to."""
    lang = language()
    by_seat = any(_by_seat(line.score) for line in lines)
    plus = any(each.max is None or each.max > 0 for each in rules.adjustments)
    if by_seat:
        middle = [(_("评委 %(seat)s", seat=seat), "") for seat in _seats(lines)]
    else:
        middle = [(each.title.in_(lang), f"{each.max:f}") for each in rules.criteria]
    fixed = [
        Column(_("名次"), 34, "center", bold=True), Column(_("号"), 34, "center"),
        Column(_("姓名"), 82, bold=True), Column(_("讲解题目"), 0),
    ]  # fmt: skip
    end = [
        Column(say_panel(rules, lang), 50, "right", bold=True),
        Column(_("加减分") if plus else _("扣分"), 44, "right"),
        Column(_("最终得分"), 62, "right", bold=True, shaded=True, size=11),
    ]  # fmt: skip
    left = room - sum(column.wide for column in (*fixed, *end))
    each = min(50.0, (left - 120) / max(len(middle), 1))
    fixed[3] = Column(_("讲解题目"), left - each * len(middle))
    return [*fixed, *(Column(title, each, "right", note) for title, note in middle), *end]


def row_of(result: Result, line: Line, whole: Sequence[Line]) -> Row:
    """A contestant's line; the marks that are dropped are struck."""
    score, entry = line.score, line.appearance.entry
    if any(_by_seat(each.score) for each in whole):
        given = {sheet.seat or "": sheet for sheet in score.sheets} if score else {}
        middle: list[str | Cell] = [
            Cell(_text(given[seat].total), struck=given[seat].dropped is not None) if seat in given else ""
            for seat in _seats(whole)
        ]
    else:
        rules = round_rules(result.running, line.standing.division)
        parts = {part.criterion: part.value for part in score.components} if score else {}
        middle = [_text(parts.get(each.id)) for each in rules.criteria]
    status = line.standing.status
    final = _text(line.standing.score) if status is None else say_status(status, language())
    place = "" if line.standing.place is None else str(line.standing.place)
    return [
        place or "—", line.appearance.number, entry.name or "", entry.title or "", *middle,
        _text(score.panel if score else None), _taken_off(score), final,
    ]  # fmt: skip


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".replace("-", "−")


def _taken_off(score: EntryScore | None) -> str:
    if score is None or not score.adjustments:
        return "—"
    if len(score.adjustments) == 1 or score.panel is None or score.score is None:
        value = sum((each.value for each in score.adjustments), Decimal(0))
    else:
        value = score.score - score.panel
    if score.panel is not None and value == value.to_integral():
        value = value.quantize(score.panel)
    return _text(value) if value else "—"


def _notes(result: Result, lines: Sequence[Line]) -> list[str]:
    """The notes under the table, already in lines of the page's width."""
    notes = []
    if any(_by_seat(line.score) for line in lines):
        notes.append(_("注：划线为去掉的最高分和最低分。扣分由记分员登记、监督组核对。"))
    told: set[frozenset[str]] = set()
    for line in lines:
        codes = [step.code for step in line.standing.steps]
        if "tied" in codes and not _shares_with(line, told):
            why = story(line.standing.steps[codes.index("tied") :], language())
            notes.append(_("%(number)s 号：%(why)s", number=line.appearance.number, why=why))
    if result.seal is not None:
        at = shown_time(result.seal.sealed_at, result.running.round.contest.time_zone, "yyyy-MM-dd HH:mm")
        notes.append(_(
            "第 %(number)s 次封存，%(at)s，台账第 %(seq)s 行 %(hash)s", number=result.seal.number, at=at,
            seq=result.seal.ledger_seq, hash=result.seal.ledger_hash[:24],
        ))  # fmt: skip
    else:
        notes.append(_("本轮尚未封存，以封存后的汇总表为准。"))
    return [part for note in notes for part in fonts.wrap(note, NOTE, 842 - 2 * EDGE)]


def _shares_with(line: Line, told: set[frozenset[str]]) -> bool:
    """Whether the entries that share this line's place have been told of; from now on they have."""
    others = [str(each) for step in line.standing.steps if step.code == "shared" for each in step.args["others"]]
    group = frozenset([line.standing.entry, *others])
    known = group in told
    told.add(group)
    return known


def _overflow(lines: Sequence[Line], notes: Sequence[str]) -> list[str]:
    """The notes that do not fit under the last table of a group."""
    room = 595 - 94 - HEAD - ROW * len(lines) - 4 - SIGNED_FROM
    fit = max(0, int(room / NOTE_LEADING))
    return list(notes[fit:])


def _write(paper: Paper, top: float, notes: Sequence[str]) -> None:
    for note in notes:
        top = paragraph(paper.canvas, EDGE, top, paper.wide - 2 * EDGE, note, NOTE, NOTE_LEADING)


def _sign(paper: Paper, contest: Contest, result: Result, address: str, page: int) -> None:
    paper.signatures([_("记分员："), _("监督组："), _("总裁判：")], Code(address, short_code("HZ", contest, page)))
    paper.end_page()
