"""Certificates on paper: one PDF of any number of sheets, white stock, fonts and ornament in it once.

The same sheets give the same bytes. The ornament is a form that every page refers to; the QR code is drawn as filled
runs of modules, its version and mask fixed by the length of its address.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from certificates import frame
from certificates.setting import (
    HIGH,
    ISSUER_MIDDLE,
    QR_BOX,
    QR_SIDE,
    SEAL_MIDDLE,
    SEAL_SIDE,
    WIDE,
    Line,
    Sheet,
    set_sheet,
)  # fmt: skip
from web import fonts, qr

# A text-only file is a quarter larger and takes a fifth longer to write; no printer needs one today.
rl_config.useA85 = 0
SEAL_PIXELS = 900
FORM = "ornament"


class Press:
    """A PDF that takes one sheet after the other. `with_frame` and `with_code` are off only to measure the rest."""

    def __init__(
        self, to: str | BinaryIO, *, title: str, author: str, seal: Path | None = None, with_frame: bool = True,
        with_code: bool = True,
    ) -> None:  # fmt: skip
        self._canvas = Canvas(to, pagesize=(WIDE, HIGH), invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._seal = seal_picture(seal) if seal is not None else None
        self._with_frame, self._with_code = with_frame, with_code
        if with_frame:
            self._canvas.beginForm(FORM, 0, 0, WIDE, HIGH)
            draw_ornament(self._canvas)
            self._canvas.endForm()

    def draw(self, sheet: Sheet) -> None:
        """Print one sheet."""
        canvas = self._canvas
        if self._with_frame:
            canvas.doForm(FORM)
        for line in set_sheet(sheet):
            draw_line(canvas, line)
        if self._with_code:
            draw_code(canvas, sheet.address)
        if self._seal is not None:
            _stamp(canvas, self._seal)
        canvas.showPage()

    def save(self) -> None:
        """Finish the file."""
        self._canvas.save()


def draw_line(canvas: Canvas, line: Line) -> None:
    """A line of text; a heavy one gets a thin outline in its own colour."""
    ink = _ink(line.ink)
    canvas.setFillColor(ink)
    if not line.heavy:
        fonts.draw(canvas, line.x, line.y, line.text, line.size, align=line.align, space=line.space)
        return
    canvas.saveState()
    canvas.setStrokeColor(ink)
    canvas.setLineWidth(line.heavy)
    canvas.setLineJoin(1)
    canvas._code.append("2 Tr")  # fill and stroke; reportlab has it on text objects only, and fonts.draw makes those
    fonts.draw(canvas, line.x, line.y, line.text, line.size, align=line.align, space=line.space)
    canvas.restoreState()


def draw_code(canvas: Canvas, address: str) -> None:
    """The QR code on a white box that is its quiet zone, in black."""
    modules = qr.modules(address)
    left, bottom, side = QR_BOX
    step = QR_SIDE / len(modules)
    quiet = qr.QUIET_ZONE * step
    start = (left + (side - QR_SIDE) / 2, bottom + (side + QR_SIDE) / 2)
    canvas.setFillColorRGB(1, 1, 1)
    box = (start[0] - quiet, start[1] - QR_SIDE - quiet, QR_SIDE + 2 * quiet, QR_SIDE + 2 * quiet)
    canvas.rect(*box, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    runs = " ".join(
        f"{begin} {-row - 1} {end - begin} 1 re" for row, dark in enumerate(modules) for begin, end in qr.runs(dark)
    )
    # In units of a module, so that every number is a small one.
    canvas._code.append(f"q {step:.5f} 0 0 {step:.5f} {start[0]:.2f} {start[1]:.2f} cm {runs} f Q")


def draw_ornament(canvas: Canvas) -> None:
    """The frame, the rosette and the emblem."""
    canvas.setLineCap(1)
    for path in frame.paths():
        drawn: Any = canvas.beginPath()
        does = {"m": drawn.moveTo, "l": drawn.lineTo, "c": drawn.curveTo, "z": drawn.close}
        for step, numbers in path.steps:
            does[step](*numbers)
        if path.thick:
            canvas.setStrokeColor(_ink(path.ink))
            canvas.setLineWidth(path.thick)
        else:
            canvas.setFillColor(_ink(path.ink))
        canvas.drawPath(drawn, stroke=1 if path.thick else 0, fill=0 if path.thick else 1)


@cache
def _ink(colour: str) -> HexColor:
    return HexColor(colour)


def seal_picture(path: Path) -> ImageReader:
    """A seal's picture no larger than print needs, its transparency kept."""
    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((SEAL_PIXELS, SEAL_PIXELS))
    return ImageReader(picture)


def _stamp(canvas: Canvas, seal: ImageReader) -> None:
    """The seal over issuer and date. It darkens what is under it, as ink does, so that white in it hides nothing."""
    canvas.saveState()
    canvas.setBlendMode("Multiply")
    canvas.drawImage(
        seal, ISSUER_MIDDLE - SEAL_SIDE / 2, SEAL_MIDDLE - SEAL_SIDE / 2, SEAL_SIDE, SEAL_SIDE, mask="auto",
        preserveAspectRatio=True,
    )  # fmt: skip
    canvas.restoreState()
