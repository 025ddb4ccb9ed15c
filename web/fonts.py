"""Fonts of what is printed: embedded TrueType with Chinese, found on the machine or carried by a package.

reportlab draws a box for a character that its font lacks and says nothing, and has no fallback of its own; so a line
is drawn in runs, each in the first font that has its characters, and `missing` says what no font has. It also writes a
wrong text map for characters above U+FFFF (𠅤 prints right but copies as garbage); the map made here is right.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

# 楷 style first: certificates are set in it. Debian's fonts-lxgw-wenkai, then the user's own folder.
KAI = "LXGWWenKai-Regular.ttf"
PLACES = (
    Path("/usr/share/fonts/truetype/lxgw-wenkai"), Path("/usr/share/fonts/lxgw-wenkai"), Path("/Library/Fonts"),
    Path.home() / ".local/share/fonts", Path.home() / "Library/Fonts",
)  # fmt: skip
# The package that carries Noto Sans SC on a machine without any Chinese font (requirements-fonts.txt); its code is
# never imported.
CARRIER, CARRIED = "zhplot", "fonts/NotoSansSC-Regular.ttf"


class NoFont(RuntimeError):
    """The machine has no TrueType font with Chinese at all; the message says how to get one."""


@cache
def names() -> tuple[str, ...]:
    """The registered fonts in the order in which a character is looked for. Raises NoFont."""
    ttfonts.makeToUnicodeCMap = _text_map
    found = []
    for path in _files():
        name = f"Lectern-{path.stem}"
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))
        found.append(name)
    if not found:
        raise NoFont("No Chinese font. Run `make` once more, or on Debian: apt install fonts-lxgw-wenkai")
    return tuple(found)


def missing(text: str) -> list[str]:
    """The characters of a text that no font here can draw, each once, in their order."""
    return list(dict.fromkeys(c for c in text if not c.isspace() and _font_of(c) is None))


def runs(text: str) -> Iterator[tuple[str, str]]:
    """A text in stretches of one font each, as (font, stretch); what no font has stays in the first one, as a box."""
    for font, stretch in groupby(text, lambda c: _font_of(c) or names()[0]):
        yield font, "".join(stretch)


def width(text: str, size: float) -> float:
    """How wide a line is, in points."""
    return float(sum(pdfmetrics.stringWidth(stretch, font, size) for font, stretch in runs(text)))


def draw(
    canvas: Canvas, x: float, y: float, text: str, size: float, *, align: str = "left", space: float = 0,
    weight: float = 0,
) -> float:  # fmt: skip
    """Draw a line at its baseline, in points; `align` left, center or right of x; `space` between characters.

    `weight` thickens the strokes by so many points, for fonts that come without a bold face. Returns the line's width.
    """
    wide = width(text, size) + space * max(len(text) - 1, 0)
    at = x - {"left": 0.0, "center": wide / 2, "right": wide}[align]
    for font, stretch in runs(text):
        line = canvas.beginText(at, y)
        line.setFont(font, size)
        line.setCharSpace(space)
        if weight:
            canvas.setLineWidth(weight)
            line.setTextRenderMode(2)
        line.textOut(stretch)
        if weight:
            line.setTextRenderMode(0)
        canvas.drawText(line)
        at += pdfmetrics.stringWidth(stretch, font, size) + space * len(stretch)
    return wide


def wrap(text: str, size: float, wide: float) -> list[str]:
    """A paragraph in lines no wider than `wide` points; no line begins with a closing mark (避头尾)."""
    lines, line = [], ""
    for c in text:
        if width(line + c, size) <= wide or not line or c in CLOSING:
            line += c
            continue
        keep = len(line)
        while keep > 1 and line[keep - 1] in OPENING:
            keep -= 1
        lines.append(line[:keep])
        line = line[keep:] + c
    return [*lines, line] if line or not lines else lines


CLOSING, OPENING = set("，。、；：？！）》」』】”’…%,.;:?!)]}·"), set("（《「『【“‘([{")


def _files() -> Iterator[Path]:
    yield from [path for folder in PLACES if (path := folder / KAI).exists()][:1]
    carrier = importlib.util.find_spec(CARRIER)
    if carrier is not None and carrier.origin is not None:
        path = Path(carrier.origin).parent / CARRIED
        if path.exists():
            yield path


@cache
def _font_of(c: str) -> str | None:
    for name in names():
        if ord(c) in pdfmetrics.getFont(name).face.charToGlyph:
            return name
    return None


_wrong_text_map = ttfonts.makeToUnicodeCMap


def _text_map(fontname: str, subset: list[int]) -> str:
    """reportlab's map from glyphs to text, with characters above U+FFFF as the UTF-16BE that readers expect."""
    return re.sub(
        r"<([0-9A-F]{5,6})>", lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>",
        _wrong_text_map(fontname, subset),
    )  # fmt: skip
