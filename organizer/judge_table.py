"""The spreadsheet of judges: a seat a row."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from contest import importing
from contest.errors import TextRefused
from contest.importing import JudgeRow
from contest.models import Contest
from contest.naming import clean_line
from organizer.tables import Cells, Checked, Column, Wrong, check_rows, head_of
from web.workbooks import Page, Sheet

MOST_SEATS = 999
FIRST_PANEL = "A"


def columns() -> list[Column]:
    """The columns of the template."""
    return [
        Column("panel", lambda: _("评委组"), width=10), Column("seat", lambda: _("席位"), needed=True, width=8),
        Column("name", lambda: _("评委姓名"), needed=True, width=20),
    ]  # fmt: skip


def template() -> list[Page]:
    """Seven seats of one panel to fill in."""
    rows = [[FIRST_PANEL, seat, ""] for seat in range(1, 8)]
    return [Page(_("评委"), [column.title() for column in columns()], rows, widths=[c.width for c in columns()])]


def check(db: Session, contest: Contest, sheets: Sequence[Sheet]) -> Checked:
    """Read the first worksheet; a seat without a name is left out."""
    seen: set[tuple[str, int]] = set()

    def read(cells: Cells) -> tuple[object, list[Wrong]]:
        panel = cells["panel"] or FIRST_PANEL
        number = cells["seat"]
        if not number.isdecimal() or len(number) > 9 or not 1 <= int(number) <= MOST_SEATS or len(panel) > 64:
            return None, [Wrong("seat", _("席位的号码，例如 3"))]
        seat = int(number)
        if (panel, seat) in seen or not importing.empty_seat(db, contest, panel, seat):
            return None, [Wrong("seat", _("空着的席位。第 %(seat)s 席已经有人", seat=seat))]
        seen.add((panel, seat))
        try:
            return JudgeRow(panel, seat, clean_line(cells["name"], field="name", most=60)), []
        except TextRefused:
            return None, [Wrong("name", _("最多 %(most)s 字", most=60))]

    first = sheets[0]
    # The template offers more seats than a panel may have; a seat without a name is left empty.
    head = head_of(columns()[-1], first.heads)
    named = [row for row in first.rows if head is None or row.cells.get(head)]
    return check_rows(Sheet(first.name, first.heads, named), columns(), read)
