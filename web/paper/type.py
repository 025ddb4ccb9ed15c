"""Text on paper that always fits: it steps down in size, then wraps, and is cut only where nothing else helps."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from web import fonts

SMALLEST = 5.0
STEP = 0.5
LEADING = 1.22
# How much a stroke is thickened, as a share of the size, to stand for a bold face.
BOLD = 0.032


def fitted(text: str, size: float, wide: float, tall: float) -> tuple[float, list[str]]:
    """The size and the lines in which a text fits a box, in points: one line while it stays readable, else more."""
    smallest_line = max(size * 0.8, SMALLEST)
    at = size
    while at >= smallest_line:
        if fonts.width(text, at) <= wide:
            return at, [text]
        at -= STEP
    at = size
    while at >= SMALLEST:
        lines = fonts.wrap(text, at, wide)
        if len(lines) * at * LEADING <= tall and all(fonts.width(line, at) <= wide * 1.02 for line in lines):
            return at, lines
        at -= STEP
    most = max(1, int(tall / (SMALLEST * LEADING)))
    lines = fonts.wrap(text, SMALLEST, wide)
    return SMALLEST, lines[:most] if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def boxed(
    canvas: Canvas, x: float, bottom: float, wide: float, tall: float, text: str, size: float, *, align: str = "left",
    bold: bool = False, struck: bool = False,
) -> None:  # fmt: skip
    """A text in the middle of a box's height, fitted to it; `struck` draws a line through it."""
    if not text:
        return
    at, lines = fitted(text, size, wide, tall)
    edge = {"left": x, "center": x + wide / 2, "right": x + wide}[align]
    y = bottom + tall / 2 + (len(lines) * at * LEADING) / 2 - at * 0.97
    for line in lines:
        drawn = fonts.draw(canvas, edge, y, line, at, align=align, weight=at * BOLD if bold else 0)
        if struck:
            start = edge - {"left": 0.0, "center": drawn / 2, "right": drawn}[align]
            canvas.setLineWidth(0.7)
            canvas.line(start, y + at * 0.34, start + drawn, y + at * 0.34)
        y -= at * LEADING


def paragraph(canvas: Canvas, x: float, top: float, wide: float, text: str, size: float, leading: float) -> float:
    """A paragraph of as many lines as it takes; returns the y below it."""
    for line in fonts.wrap(text, size, wide):
        top -= leading
        fonts.draw(canvas, x, top, line, size)
    return top
