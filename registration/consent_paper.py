"""The consent form on paper: one sheet of A4, what is known filled in, lines for the rest."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from contest import answers
from contest.consenting import WORDING
from contest.models import Registration
from contest.naming import clean
from registration import consent_words
from web import fonts
from web.paper.page import EDGE, TALL, Paper
from web.paper.type import boxed, paragraph
from web.words import title_of

MARGIN = EDGE + 18
SIZE, LEADING = 10.5, 16.5


def form(registration: Registration, *, now: datetime) -> bytes:
    """The form as a PDF."""
    contest, given = registration.contest, answers.read(registration.answers)
    title = _("监护人同意书")
    paper = Paper(title, TALL)
    canvas, inside = paper.canvas, paper.wide - 2 * MARGIN
    boxed(canvas, MARGIN, paper.tall - 84, inside, 34, title, 24, align="center", bold=True)
    boxed(canvas, MARGIN, paper.tall - 112, inside, 22, title_of(contest), 12, align="center")
    y = paper.tall - 138
    facts = [
        (_("参赛者姓名"), clean(given.get("name", ""))), (_("出生日期"), given.get("birth_date", "")),
        (_("学校或单位"), clean(given.get("unit", ""))), (_("讲解题目"), clean(given.get("title", ""))),
    ]  # fmt: skip
    for label, text in facts:
        y = _line(paper, y, label, text, inside)
    y -= 8
    for heading, text in consent_words.sections(registration, now=now):
        y -= 20
        fonts.draw(canvas, MARGIN, y, heading, 11, weight=0.35)
        y = paragraph(canvas, MARGIN, y - 2, inside, text, SIZE, LEADING)
    y -= 26
    y = paragraph(canvas, MARGIN, y + LEADING, inside, _(
        "我是上面这名参赛者的监护人，已经读懂以上内容，同意主办单位按上面所写处理孩子的个人信息。"
    ), 11, 18)  # fmt: skip
    y -= 14
    for label in (_("监护人姓名"), _("与参赛者的关系"), _("电话"), _("监护人签字"), _("日期")):
        y = _line(paper, y, label, clean(given.get("guardian", "")) if label == _("监护人姓名") else "", inside)
    fonts.draw(canvas, paper.wide / 2, EDGE - 6, _("同意书版本 %(version)s", version=WORDING), 8, align="center")
    paper.end_page()
    return paper.done()


def _line(paper: Paper, y: float, label: str, text: str, inside: float) -> float:
    """A label with what is known, or a line to write on; returns the y of the next one."""
    y -= 24
    fonts.draw(paper.canvas, MARGIN, y, label, SIZE)
    start = MARGIN + 110
    paper.canvas.setLineWidth(0.6)
    paper.canvas.line(start, y - 4, MARGIN + inside, y - 4)
    boxed(paper.canvas, start + 4, y - 5, inside - 118, 20, text, 11.5)
    return y
