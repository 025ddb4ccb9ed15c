"""Certificates on the screen: the same lines as on paper, as SVG on ivory, so that what is seen is what is printed."""

from __future__ import annotations

from markupsafe import Markup

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

ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def svg(sheet: Sheet, *, frame: str, seal: str | None, label: str) -> Markup:
    """A sheet as a picture. `frame` and `seal` are the addresses of those pictures; `label` is what a reader hears."""
    parts = [
        Markup('<image href="{}" width="{}" height="{}"/>').format(frame, WIDE, HIGH),
        *[_text(line) for line in set_sheet(sheet)],
        _code(sheet.address),
    ]
    if seal is not None:
        parts.append(
            Markup('<image class="sheet__seal" href="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                seal, round(ISSUER_MIDDLE - SEAL_SIDE / 2, 1), round(HIGH - SEAL_MIDDLE - SEAL_SIDE / 2, 1),
                round(SEAL_SIDE, 1), round(SEAL_SIDE, 1),
            )
        )  # fmt: skip
    return Markup('<svg class="sheet" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        label, WIDE, HIGH, Markup("").join(parts)
    )


def _text(line: Line) -> Markup:
    """A line of text as wide as it is printed, whatever font the screen has for it."""
    wide = fonts.width(line.text, line.size) + line.space * max(len(line.text) - 1, 0)
    outline = Markup(' stroke="{}" stroke-width="{}"').format(line.ink, line.heavy) if line.heavy else Markup("")
    x = line.x - {"left": 0.0, "center": wide / 2, "right": wide}[line.align]
    return Markup('<text x="{}" y="{}" font-size="{}" textLength="{}" fill="{}"{}>{}</text>').format(
        round(x, 1), round(HIGH - line.y, 1), round(line.size, 1), round(wide, 1), line.ink, outline, line.text
    )


def _code(address: str) -> Markup:
    modules = qr.modules(address)
    left, bottom, side = QR_BOX
    quiet = QR_SIDE / len(modules) * qr.QUIET_ZONE
    x, y = left + (side - QR_SIDE) / 2, HIGH - bottom - (side + QR_SIDE) / 2
    drawn = "".join(
        f"M{begin} {row}h{end - begin}v1h{begin - end}z"
        for row, dark in enumerate(modules) for begin, end in qr.runs(dark)
    )  # fmt: skip
    return Markup(
        '<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="#fff"/>'
        '<path transform="translate({:.2f} {:.2f}) scale({:.4f})" d="{}" fill="#000" shape-rendering="crispEdges"/>'
    ).format(
        x - quiet, y - quiet, QR_SIDE + 2 * quiet, QR_SIDE + 2 * quiet, x, y, QR_SIDE / len(modules), drawn
    )  # fmt: skip
