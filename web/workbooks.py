"""Spreadsheets in and out: every cell as the text people see, and nothing that a spreadsheet program would run.

Reading is bounded: a small file may unpack to gigabytes. Writing freezes the head row, keeps ids as text and defuses
cells that begin like a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from contest.errors import FileRefused
from contest.naming import clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS, MOST_COLUMNS, MOST_UNPACKED = 5_000, 60, 200_000_000
# A row that was only coloured counts to a spreadsheet program: after so many empty ones nothing follows.
MOST_EMPTY = 2_000
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEAD_FILL = PatternFill("solid", fgColor="EFF4FE")


@dataclass(frozen=True)
class Row:
    """A row that has anything in it: its number as the program shows it, and its cells by their heads."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A worksheet's name, heads and rows."""

    name: str
    heads: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Page:
    """A worksheet to write: heads, rows, which columns offer a choice, and how wide each is in characters."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    choices: dict[int, Sequence[str]] = field(default_factory=dict)
    widths: Sequence[int] = ()


def read(path: Path) -> list[Sheet]:
    """Every worksheet of a file. Raises FileRefused for what is broken, too large, or no spreadsheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise FileRefused(why="too_large", size=MOST_UNPACKED, most=MOST_UNPACKED)
        # Opened here, because the program goes by the ending of a file's name, and a kept file has none.
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True)
            sheets = [_sheet(page) for page in book.worksheets]
    except FileRefused:
        raise
    except Exception as error:  # A file from anywhere can break its reader in any way.
        raise FileRefused(why="broken") from error
    if not sheets:
        raise FileRefused(why="broken")
    return sheets


def write(pages: Sequence[Page]) -> bytes:
    """A workbook of these pages."""
    book = Workbook()
    book.remove(book.active)
    for page in pages:
        _write_page(book.create_sheet(_sheet_name(page.name)), page)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def defused(value: object) -> object:
    """A cell's value; a text that a program would run as a formula gets an apostrophe, numbers stay numbers."""
    if isinstance(value, str) and value.startswith(RUNS_AS_FORMULA):
        return f"'{value}"
    return value


def _sheet(page: Worksheet) -> Sheet:
    lines = page.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    heads: list[str] = []
    rows: list[Row] = []
    last = 0
    for number, values in enumerate(lines, start=1):
        texts = [_text(value) for value in values]
        if not any(texts):
            if number - last > MOST_EMPTY:
                break
            continue
        last = number
        if not heads:
            heads = texts
            continue
        if len(rows) >= MOST_ROWS:
            raise FileRefused(why="too_many_rows", most=MOST_ROWS)
        rows.append(Row(number, {head: text for head, text in zip(heads, texts, strict=True) if head}))
    return Sheet(page.title, [head for head in heads if head], rows)


def _text(value: object) -> str:
    """A cell as people read it; a date as 2012-03-04, a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g")
    text = clean(str(value))
    return text[1:] if text[:1] == "'" and text[1:2] in RUNS_AS_FORMULA else text


def _write_page(page: Worksheet, made: Page) -> None:
    page.append([defused(head) for head in made.heads])
    for at, row in enumerate(made.rows, start=2):
        page.append([defused(value) for value in row])
        for column, value in enumerate(row, start=1):
            if isinstance(value, Decimal):  # 88.20 keeps both its decimals.
                places = max(0, -int(value.as_tuple().exponent))
                page.cell(row=at, column=column).number_format = f"0.{'0' * places}" if places else "0"
    for column, head in enumerate(made.heads, start=1):
        cell = page.cell(row=1, column=column)
        cell.font, cell.fill = Font(bold=True), HEAD_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        wide = made.widths[column - 1] if column <= len(made.widths) else max(10, 2 * len(head) + 2)
        page.column_dimensions[get_column_letter(column)].width = wide
    for column, values in made.choices.items():
        letter = get_column_letter(column + 1)
        offered = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
        page.add_data_validation(offered)
        offered.add(f"{letter}2:{letter}{MOST_ROWS}")
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"


def _sheet_name(name: str) -> str:
    """A worksheet's name as every program takes it: no []:*?/\\ and at most 31 characters."""
    return "".join("-" if c in "[]:*?/\\" else c for c in name)[:31] or "-"
