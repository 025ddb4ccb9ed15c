"""One CSV file of a contest folder: its columns, its cells, and the row numbers a spreadsheet shows."""
from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from contest.rules.errors import FolderError

MAX_BYTES = 64 * 1024 * 1024
MAX_CELL = 64 * 1024
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `text` cells are free text, all others are codes or numbers that are kept as they are."""

    name: str
    required: bool = False
    text: bool = False


COLUMNS: dict[str, tuple[Column, ...]] = {
    "entries.csv": (
        Column("entry", True), Column("division"), Column("unit", text=True), Column("name", text=True),
        Column("title", text=True),
    ),
    "members.csv": (Column("entry", True), Column("order"), Column("name", text=True), Column("role")),
    "appearances.csv": (Column("round"), Column("entry", True), Column("order"), Column("number"), Column("panel")),
    "judges.csv": (
        Column("round"), Column("panel"), Column("judge", True), Column("seat"), Column("role"), Column("from"),
        Column("until"),
    ),
    "assignments.csv": (Column("round"), Column("entry", True), Column("judge", True)),
    "marks.csv": (
        Column("round"), Column("entry", True), Column("judge", True), Column("criterion"), Column("attempt"),
        Column("kind"), Column("mark", True),
    ),
    "adjustments.csv": (
        Column("round"), Column("entry", True), Column("attempt"), Column("judge"), Column("kind", True),
        Column("value", True),
    ),
    "rulings.csv": (
        Column("round"), Column("entry"), Column("attempt"), Column("judge"), Column("criterion"), Column("kind", True),
        Column("value"),
    ),
}

Row = tuple[int, tuple[str | None, ...]]


def read_bytes(path: Path, name: str, most: int = MAX_BYTES) -> bytes | None:
    """The bytes of a file, None where there is none. Raises FolderError for a directory, an unreadable or huge file."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise FolderError(name, None, None, _reason(error), "file") from None
    if len(data) > most:
        raise FolderError(name, None, None, f"> {most // 1024} KB", "small_file", most=most // 1024)
    return data


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "an impossible name"


def decoded(data: bytes, name: str) -> str:
    """UTF-8 text, a byte order mark tolerated. Raises FolderError with the row of the wrong byte."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise FolderError(name, row, None, f"byte {body[error.start]:02x}", "utf8") from None


def table_rows(data: bytes, name: str) -> list[Row]:
    """All rows of a file as (row number, cells in the order of COLUMNS[name])."""
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    columns = COLUMNS[name]
    only_codes = not any(column.text for column in columns)
    rows: list[Row] = []
    at: list[int] | None = None
    width = 0
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if at is None:
                at = _header(name, columns, cells)
                width = len(cells)
                continue
            if not cells:
                continue
            if len(cells) != width:
                raise FolderError(name, number, None, len(cells), "cells", count=width)
            if only_codes and _are_plain("".join(cells)):
                rows.append((number, tuple([(cells[index] or None) if index >= 0 else None for index in at])))
                continue
            rows.append((number, tuple(
                None if index < 0 or not cells[index] else _cell(name, number, column, cells[index])
                for index, column in zip(at, columns, strict=True)
            )))
    except csv.Error as error:
        raise FolderError(name, number + 1, None, str(error), "csv") from None
    if at is None:
        raise FolderError(name, 1, columns[_first_required(columns)].name, None, "column_needed")
    return rows


def _are_plain(cells: str) -> bool:
    """Whether nothing in a row of codes needs a closer look: the usual case, found out at once for all its cells."""
    return len(cells) <= MAX_CELL and cells.isprintable() and " " not in cells


def _first_required(columns: Sequence[Column]) -> int:
    return next(index for index, column in enumerate(columns) if column.required)


def _header(name: str, columns: Sequence[Column], cells: list[str]) -> list[int]:
    known = [column.name for column in columns]
    for cell in cells:
        if cell not in known:
            raise FolderError(name, 1, cell, cell, "columns", known=known)
        if cells.count(cell) > 1:
            raise FolderError(name, 1, cell, cell, "column_once")
    for column in columns:
        if column.required and column.name not in cells:
            raise FolderError(name, 1, column.name, None, "column_needed")
    return [cells.index(column.name) if column.name in cells else -1 for column in columns]


def _cell(name: str, row: int, column: Column, cell: str) -> str:
    if len(cell) > MAX_CELL or "\0" in cell:
        raise FolderError(name, row, column.name, cell, "string")
    if column.text:
        return unguarded(cell)
    if not cell.isprintable() or cell != cell.strip():
        raise FolderError(name, row, column.name, cell, "code")
    return cell


def guarded(text: str) -> str:
    """A text cell as it is written: what a spreadsheet would run as a formula gets a leading apostrophe."""
    risky = text.startswith(_RISKY[:-1]) or (text.startswith("'") and text[1:].startswith(_RISKY))
    return "'" + text if risky else text


def unguarded(cell: str) -> str:
    """The text that guarded() was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def table_bytes(
    name: str, rows: Iterable[Sequence[str | int | None]], without: Collection[str] = (),
) -> bytes:
    """The file `name` with these rows (cells in the order of COLUMNS[name]), as UTF-8 with \\n line ends.

    `without`: columns that the file is not to have at all.
    """
    columns = COLUMNS[name]
    lines = [",".join(column.name for column in columns if column.name not in without)]
    for row in rows:
        cells = zip(row, columns, strict=True)
        lines.append(",".join(
            "" if cell is None else _quoted(guarded(str(cell)) if column.text else str(cell))
            for cell, column in cells if column.name not in without
        ))
    return ("\n".join(lines) + "\n").encode("utf-8")


def _quoted(cell: str) -> str:
    """A cell as CSV has it. Python's writer leaves a lone carriage return bare, its reader takes it for a line end."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell
