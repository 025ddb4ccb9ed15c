"""The frame of a printed sheet: title, the line under it, page x/y, signature lines and the sheet's QR code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from web import fonts, qr
from web.paper import type as setting

EDGE = 36.0
WIDE = landscape(A4)
TALL = A4
CODE = 54.0
FOOT = 14.0
SIGNATURE_TALL = 40.0


@dataclass(frozen=True)
class Code:
    """A sheet's QR code: the address it opens and the short code printed below it."""

    address: str
    short: str


@dataclass(frozen=True)
class Ink:
    """A signature given on a tablet: strokes [x, y, x, y, …] in a box `wide` by `tall`, y downwards, or the typed name.

    `said` is the line below it.
    """

    strokes: Sequence[Sequence[int]] | None
    typed: str
    said: str
    wide: int
    tall: int


class Paper:
    """A PDF in the making; the same content always gives the same bytes."""

    def __init__(self, title: str, size: tuple[float, float] = WIDE, foot: str = "") -> None:
        fonts.names()
        self.wide, self.tall = size
        self.foot = foot
        self._bytes = io.BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=size, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Lectern")

    def heading(self, title: str, facts: Sequence[str], page: int, pages: int) -> float:
        """The title, the facts about the sheet in one line and "page x of y"; returns the y below them."""
        inside = self.wide - 2 * EDGE
        setting.boxed(self.canvas, EDGE, self.tall - 64, inside, 32, title, 22, align="center", bold=True)
        count = _("第 %(page)s 页，共 %(pages)s 页", page=page, pages=pages)
        taken = fonts.draw(self.canvas, self.wide - EDGE, self.tall - 82, count, 9.5, align="right")
        line = "    ".join(fact for fact in facts if fact)
        setting.boxed(self.canvas, EDGE, self.tall - 90, inside - taken - 16, 22, line, 9.5)
        return self.tall - 94

    def signatures(
        self, who: Sequence[str], code: Code | None, bottom: float = EDGE - 8, signed: Ink | None = None
    ) -> None:
        """Lines to sign on, each with its date, and the sheet's code at the right; the first may be signed already."""
        room = self.wide - 2 * EDGE - (CODE + 40 if code else 0)
        each = room / max(len(who), 1)
        for number, name in enumerate(who):
            x = EDGE + number * each
            fonts.draw(self.canvas, x, bottom + 34, name, 11)
            self.canvas.setLineWidth(0.7)
            self.canvas.line(x, bottom + 26, x + each - 24, bottom + 26)
            if signed is None or number:
                fonts.draw(self.canvas, x, bottom + 10, _("日期：        年      月      日"), 9.5)
            else:
                self._sign(signed, x + fonts.width(name, 11) + 4, bottom + 26, each - 24)
                setting.boxed(self.canvas, x, bottom, each - 24, 24, signed.said, 8.5)
        if code is not None:
            self.code(code.address, self.wide - EDGE - CODE, bottom + 12, CODE)
            fonts.draw(self.canvas, self.wide - EDGE - CODE / 2, bottom, code.short, 8, align="center")

    def _sign(self, ink: Ink, x: float, y: float, room: float) -> None:
        """A signature on its line at y: the strokes as they were drawn, else the name as it was typed."""
        if ink.strokes is None:
            fonts.draw(self.canvas, x, y + 8, ink.typed, 13)
            return
        scale = min(SIGNATURE_TALL / ink.tall, room / 2 / ink.wide)
        self.canvas.saveState()
        self.canvas.setLineWidth(1.1)
        self.canvas.setLineCap(1)
        self.canvas.setLineJoin(1)
        path = self.canvas.beginPath()
        for stroke in ink.strokes:
            points = [
                (x + across * scale, y - 4 + (ink.tall - down) * scale)
                for across, down in zip(stroke[::2], stroke[1::2], strict=True)
            ]  # fmt: skip
            path.moveTo(*points[0])
            for point in points[1:] or [(points[0][0] + 0.3, points[0][1])]:
                path.lineTo(*point)
        self.canvas.drawPath(path)
        self.canvas.restoreState()

    def code(self, address: str, x: float, y: float, size: float) -> None:
        """A QR code, its dark part `size` points wide; the paper around it is its quiet zone."""
        modules = qr.modules(address)
        one = size / len(modules)
        path = self.canvas.beginPath()
        for number, line in enumerate(modules):
            for start, end in qr.runs(line):
                path.rect(x + start * one, y + size - (number + 1) * one, (end - start) * one, one * 1.01)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def end_page(self) -> None:
        """Go on with the next sheet; the foot stands small at the bottom of each."""
        if self.foot:
            fonts.draw(self.canvas, EDGE, FOOT, self.foot, 7)
        self.canvas.showPage()

    def done(self) -> bytes:
        """The finished file."""
        self.canvas.save()
        return self._bytes.getvalue()


def sent(pdf: bytes, name: str) -> Response:
    """A PDF that opens in the browser under this name."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def millimetres(value: float) -> float:
    """Millimetres as points."""
    return float(value * mm)
