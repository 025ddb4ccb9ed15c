"""A spreadsheet that people filled in, read row by row into values or into what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from web.words import LANGUAGES
from web.workbooks import Page, Row, Sheet


@dataclass(frozen=True)
class Column:
    """A column of a template: its key, its head in the page's language, whether its cells must be filled in."""

    key: str
    title: Callable[[], str]
    needed: bool = False
    width: int = 16
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a value: what was expected instead. A warning does not stop the row."""

    key: str
    expected: str
    warning: bool = False


@dataclass(frozen=True)
class Problem:
    """A wrong cell as the report shows it: where it is, what was found, what was expected."""

    row: int
    column: str
    found: str
    expected: str
    warning: bool = False
    sheet: str = ""


@dataclass
class Checked:
    """A spreadsheet as it was read: the rows that can come in, the rows that cannot, and why."""

    ready: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bad: dict[str, tuple[Sheet, list[Row]]] = field(default_factory=dict)

    def keep_bad(self, sheet: Sheet, row: Row) -> None:
        """Set a row aside that cannot come in."""
        self.bad.setdefault(sheet.name, (sheet, []))[1].append(row)

    @property
    def bad_rows(self) -> int:
        """How many rows cannot come in."""
        return sum(len(rows) for _sheet, rows in self.bad.values())

    def bad_pages(self, name: str) -> list[Page]:
        """Those rows alone, on worksheets like the ones they came on."""
        pages = [
            Page(sheet.name, sheet.heads, [[row.cells.get(head, "") for head in sheet.heads] for row in rows])
            for sheet, rows in self.bad.values()
        ]  # fmt: skip
        return pages or [Page(name, [""], [])]


Cells = dict[str, str]
Read = Callable[[Cells], tuple[Any, list[Wrong]]]


def check_rows(sheet: Sheet, columns: Sequence[Column], read: Read) -> Checked:
    """Read every row of a worksheet; a head may be in any of the languages, for templates travel."""
    checked = Checked()
    heads = {column.key: head_of(column, sheet.heads) for column in columns}
    for column in columns:
        if column.needed and heads[column.key] is None:
            checked.problems.append(Problem(1, column.title(), "", _("表里要有这一列。请用下载的模板，不要改表头。")))
    if checked.problems:
        return checked
    if not sheet.rows:
        checked.problems.append(Problem(2, "", "", _("至少一行数据。表里现在是空的。")))
    for row in sheet.rows:
        cells = {column.key: row.cells.get(heads[column.key] or "", "") for column in columns}
        wrong = [Wrong(column.key, _("必须填写")) for column in columns if column.needed and not cells[column.key]]
        value = None
        if not wrong:
            value, wrong = read(cells)
        titles = {column.key: column.title() for column in columns}
        checked.problems += [
            Problem(row.number, titles[each.key], cells[each.key], each.expected, each.warning) for each in wrong
        ]
        if all(each.warning for each in wrong):
            checked.ready.append(value)
        else:
            checked.keep_bad(sheet, row)
    return checked


def head_of(column: Column, heads: Sequence[str]) -> str | None:
    """The head of a column in a worksheet, whichever language it is in; None where there is no such column."""
    spoken = set()
    for locale in LANGUAGES.values():
        with force_locale(locale):
            spoken.add(column.title())
    return next((head for head in heads if head in spoken), None)
