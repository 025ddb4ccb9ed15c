"""Where every word of a certificate stands: an A4 landscape sheet set in lines, for print and screen alike. Pure.

Measures are points from the sheet's lower left corner. Names step down in size before they wrap, a name or an English
word is never broken, and the whole body steps down until it ends above the QR code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contest import wording
from contest.wording import Paragraph, Piece, Wording
from web import fonts

WIDE, HIGH = 841.89, 595.28
MIDDLE, LEFT, RIGHT = WIDE / 2, 119.0, WIDE - 119.0
MM = 72 / 25.4
INK, SEAL_RED, SECOND = "#3B2A12", "#B0181E", "#5A4724"
TITLE_BASE, BODY_TOP, BODY_BOTTOM = 426.0, 372.0, 186.0
BODY_SIZES, LEADING = (22.0, 20.0, 18.0, 16.0, 14.0, 12.0), 1.8
NAME_SIZES = {1: 30.0, 2: 26.0, 3: 22.0}
# The QR code proper, without its quiet zone of four modules on each side.
QR_SIDE = 23 * MM
QR_BOX = (LEFT, 90.0, 83.0)
ISSUER_MIDDLE, ISSUER_BASE, ISSUER_STEP = 629.0, 127.0, 29.0
SEAL_SIDE, SEAL_MIDDLE = 41 * MM, 128.0
LATIN = re.compile(r"[A-Za-z0-9À-ɏ'’.,;:!?%()&/+-]+ ?|.", re.DOTALL)


@dataclass(frozen=True)
class Labels:
    """The fixed words beside a certificate's own text, in its language."""

    number: str
    code: str
    check: str
    scan: str
    version: str = ""


@dataclass(frozen=True)
class Sheet:
    """A certificate ready to be set: what it says, its number and code, the address its QR code opens, fixed words."""

    wording: Wording
    number: str
    code: str
    address: str
    check_at: str
    labels: Labels


@dataclass(frozen=True)
class Line:
    """A line at its baseline. `align`: left, center or right of x; `space` between characters; `heavy`: its outline."""

    x: float
    y: float
    text: str
    size: float
    ink: str = INK
    align: str = "left"
    space: float = 0.0
    heavy: float = 0.0


def grouped(code: str) -> str:
    """A check code as people read it: in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def dated(words: Wording) -> str:
    """The date as it stands on the certificate."""
    day = words.date
    return f"{day.day} {day:%B} {day.year}" if words.is_english else f"{day.year}年{day.month}月{day.day}日"


def set_sheet(sheet: Sheet) -> list[Line]:
    """Every line of a sheet."""
    words = sheet.wording
    return [*_title(words), *_body(words), *_foot(sheet), *_issuers(words)]


def _title(words: Wording) -> Iterator[Line]:
    space = 2.0 if words.is_english else 25.0
    size = _fitting(words.title, 52.0, RIGHT - LEFT, space)
    yield Line(MIDDLE, TITLE_BASE, words.title, size, SEAL_RED, "center", space, heavy=0.7)


def _body(words: Wording) -> list[Line]:
    paragraphs = wording.paragraphs(words)
    for size in BODY_SIZES:
        lines, bottom = _set_body(paragraphs, size, words.is_english)
        if bottom >= BODY_BOTTOM:
            break
    return lines


def _set_body(paragraphs: Sequence[Paragraph], size: float, english: bool) -> tuple[list[Line], float]:
    """The body in this size and where its last baseline is."""
    found: list[Line] = []
    y = BODY_TOP
    for number, paragraph in enumerate(paragraphs):
        if paragraph.kind == "award":
            space = 2.0 if english else 0.45 * size * 40 / 22
            award = _fitting(paragraph.text, size * 40 / 22, RIGHT - LEFT, space)
            y -= size * 2.6 if number else 0
            found.append(Line(MIDDLE, y, paragraph.text, award, SEAL_RED, "center", space, heavy=0.5))
            continue
        y -= size * LEADING if number else 0
        if paragraph.kind == "salutation":
            made = _salutation(paragraph, size, y)
        else:
            made = _lines(paragraph.pieces, size, y, indent=0 if english else 2 * size)
        found += made
        y = made[-1].y
    return found, y


def _salutation(paragraph: Paragraph, size: float, y: float) -> list[Line]:
    """Names larger than the rest while they fit on a line; else all of it wrapped between names."""
    names = sum(piece.is_name for piece in paragraph.pieces)
    for large in [each for each in NAME_SIZES.values() if names <= 3 and each <= NAME_SIZES[max(names, 1)]]:
        sizes = [min(large, size * 30 / 22) if piece.is_name else size for piece in paragraph.pieces]
        wide = sum(wide_of(piece.text, each) for piece, each in zip(paragraph.pieces, sizes, strict=True))
        if wide <= RIGHT - LEFT:
            found, x = [], LEFT
            for piece, each in zip(paragraph.pieces, sizes, strict=True):
                found.append(Line(x, y, piece.text, each, heavy=0.35 if piece.is_name else 0))
                x += wide_of(piece.text, each)
            return found
    return _lines(paragraph.pieces, size, y, indent=0)


def _lines(pieces: Sequence[Piece], size: float, y: float, *, indent: float) -> list[Line]:
    texts = broken(units(pieces), size, RIGHT - LEFT, indent)
    return [
        Line(LEFT + (indent if number == 0 else 0), y - number * size * LEADING, text, size)
        for number, text in enumerate(texts)
    ]


def units(pieces: Sequence[Piece]) -> list[str]:
    """What a line may be broken between: whole names, English words, Chinese characters with the marks after them."""
    found: list[str] = []
    for piece in pieces:
        for part in [piece.text] if piece.is_name else LATIN.findall(piece.text):
            glued = found and (part[0] in fonts.CLOSING or found[-1][-1] in fonts.OPENING)
            if glued and not piece.is_name:
                found[-1] += part
            else:
                found.append(part)
    return found


def broken(parts: Sequence[str], size: float, wide: float, indent: float) -> list[str]:
    """The parts in lines no wider than `wide` points, the first one narrower by `indent`."""
    lines, line, at, room = [], "", 0.0, wide - indent
    for part in parts:
        for piece in [part] if wide_of(part.rstrip(), size) <= wide else list(part):
            if line and at + wide_of(piece.rstrip(), size) > room:
                lines.append(line.rstrip())
                line, at, room = "", 0.0, wide
                piece = piece.lstrip(" ")
            line, at = line + piece, at + wide_of(piece, size)
    return [*lines, line.rstrip()]


@lru_cache(maxsize=20_000)
def wide_of(text: str, size: float) -> float:
    """How wide a stretch is, in points: most stretches of a batch come again on every sheet."""
    return fonts.width(text, size)


def _foot(sheet: Sheet) -> Iterator[Line]:
    left, bottom, side = QR_BOX
    labels, x = sheet.labels, left + side + 13
    yield Line(left + side / 2, bottom - 12, labels.scan, 10, SECOND, "center")
    yield Line(x, bottom + 41, f"{labels.number}{sheet.number}{labels.version}", 11, SECOND)
    yield Line(x, bottom + 23, f"{labels.code}{grouped(sheet.code)}", 11, SECOND)
    yield Line(x, bottom + 5, f"{labels.check}{sheet.check_at}", 11, SECOND)
    if sheet.wording.note:
        size = 11.0
        lines = broken(units([Piece(sheet.wording.note)]), size, 270, 0)
        for number, text in enumerate(reversed(lines)):
            yield Line(x, bottom + 62 + number * 15, text, size, SEAL_RED)


def _issuers(words: Wording) -> Iterator[Line]:
    many = len(words.issuers)
    size, step, last = (18.5, 0.0, ISSUER_BASE) if many == 1 else (14.5, min(22.0, 66 / many), ISSUER_BASE - 4)
    for number, issuer in enumerate(reversed(words.issuers)):
        fitting = _fitting(issuer, size, 2 * (RIGHT + 30 - ISSUER_MIDDLE), 0)
        yield Line(ISSUER_MIDDLE, last + number * step, issuer, fitting, align="center")
    yield Line(ISSUER_MIDDLE, ISSUER_BASE - ISSUER_STEP, dated(words), min(size, 18.5), align="center")


def _fitting(text: str, size: float, wide: float, space: float) -> float:
    """The size in which a line fits, at most `size`."""
    room = wide - space * max(len(text) - 1, 0)
    whole = wide_of(text, size)
    return size if whole <= room else size * room / whole
