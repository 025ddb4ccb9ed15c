"""A ruled table on paper: black lines, a grey head, cells that fit their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from web.paper import type as setting

PAD = 4.0
GREY, HEAD, SHADE = 0.45, 0.94, 0.97


@dataclass(frozen=True)
class Column:
    """A column: its head (with a smaller second line), its width in points, and how its cells are set."""

    title: str
    wide: float
    align: str = "left"
    note: str = ""
    bold: bool = False
    shaded: bool = False
    size: float | None = None


@dataclass(frozen=True)
class Cell:
    """A cell that differs from its column: struck through and grey for a dropped mark."""

    text: str
    struck: bool = False


@dataclass(frozen=True)
class Band:
    """A row across the whole table: a break between two blocks."""

    text: str


Row = Sequence[str | Cell] | Band


def draw(
    canvas: Canvas, x: float, top: float, columns: Sequence[Column], rows: Sequence[Row], *, row: float, head: float,
    size: float = 10,
) -> float:  # fmt: skip
    """Draw a table whose left upper corner is at (x, top); `row` and `head` are heights. Returns the y of its foot."""
    wide = sum(column.wide for column in columns)
    foot = top - head - row * len(rows)
    _grounds(canvas, x, top, columns, rows, row, head)
    at = x
    for column in columns:
        tall = head * 0.58 if column.note else head
        setting.boxed(
            canvas, at + 2, top - tall - (1 if column.note else 0), column.wide - 4, tall, column.title, size,
            align="center", bold=True,
        )  # fmt: skip
        if column.note:
            setting.boxed(
                canvas, at + 2, top - head + 1, column.wide - 4, head * 0.42, column.note, size * 0.8, align="center"
            )
        at += column.wide
    y = top - head
    for each in rows:
        y -= row
        if isinstance(each, Band):
            setting.boxed(canvas, x + PAD, y, wide - 2 * PAD, row, each.text, size, align="center")
        else:
            _cells(canvas, x, y, columns, each, row, size)
    _rules(canvas, x, top, columns, rows, row, head)
    return foot


def _cells(
    canvas: Canvas, x: float, y: float, columns: Sequence[Column], cells: Sequence[str | Cell], row: float, size: float
) -> None:
    for column, cell in zip(columns, cells, strict=True):
        struck = isinstance(cell, Cell) and cell.struck
        text = cell.text if isinstance(cell, Cell) else cell
        canvas.setFillGray(GREY if struck else 0)
        canvas.setStrokeGray(GREY if struck else 0)
        setting.boxed(
            canvas, x + PAD, y, column.wide - 2 * PAD, row, text, column.size or size, align=column.align,
            bold=column.bold and not struck, struck=struck,
        )  # fmt: skip
        x += column.wide
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)


def _grounds(
    canvas: Canvas, x: float, top: float, columns: Sequence[Column], rows: Sequence[Row], row: float, head: float
) -> None:
    wide = sum(column.wide for column in columns)
    at = x
    canvas.setFillGray(SHADE)
    for column in columns:
        if column.shaded and rows:
            canvas.rect(at, top - head - row * len(rows), column.wide, row * len(rows), stroke=0, fill=1)
        at += column.wide
    canvas.setFillGray(HEAD)
    canvas.rect(x, top - head, wide, head, stroke=0, fill=1)
    for number, each in enumerate(rows, start=1):
        if isinstance(each, Band):
            canvas.rect(x, top - head - row * number, wide, row, stroke=0, fill=1)
    canvas.setFillGray(0)


def _rules(
    canvas: Canvas, x: float, top: float, columns: Sequence[Column], rows: Sequence[Row], row: float, head: float
) -> None:
    wide = sum(column.wide for column in columns)
    canvas.setStrokeGray(0.35)
    canvas.setLineWidth(0.5)
    for number in range(1, len(rows) + 1):
        canvas.line(x, top - head - row * (number - 1), x + wide, top - head - row * (number - 1))
    at = x
    for column in columns[:-1]:
        at += column.wide
        y = top
        for tall, cut in [(head, False), *((row, isinstance(each, Band)) for each in rows)]:
            if not cut:
                canvas.line(at, y, at, y - tall)
            y -= tall
    canvas.setStrokeGray(0)
    canvas.setLineWidth(1.2)
    canvas.rect(x, top - head - row * len(rows), wide, head + row * len(rows))
