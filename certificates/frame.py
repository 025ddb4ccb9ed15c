"""The certificate's ornament from sine curves: guilloche bands, corner rosettes, a rosette behind the text, an emblem.

Every ornament is a path of cubic curves, made once; print draws it as one form, the screen as one SVG.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from certificates.setting import HIGH, MIDDLE, SEAL_RED, WIDE

GOLD = "#B88A36"
# The rosette's gold at 17 % on white paper, mixed beforehand so that no printer has to.
PALE = "#F3EBDC"
PALE_RED = "#D88B8E"
OUTER, HEAVY, BAND, INNER, RED = 24.5, 29.6, 33.4, 55.4, 60.5
THICK = INNER - 3.4 - BAND
CORNER = BAND + THICK / 2
WAVES, WAVE, TURNS = 6, 15.0, 96
ROSETTE_MIDDLE = (MIDDLE, HIGH - 319.5)
EMBLEM_MIDDLE = (MIDDLE, HIGH - 94.5)
Point = tuple[float, float]


@dataclass(frozen=True)
class Path:
    """Strokes of one colour and width, or a fill where the width is 0. Each step: m, l, c or z with its numbers."""

    steps: tuple[tuple[str, tuple[float, ...]], ...]
    ink: str
    thick: float


@cache
def paths() -> tuple[Path, ...]:
    """The whole ornament, from back to front."""
    return (
        Path(tuple(_rosette()), PALE, 0.4),
        Path(tuple(_bands()), GOLD, 0.3),
        Path(tuple(step for at in _corners() for step in _corner(at)), GOLD, 0.4),
        Path(tuple(_box(OUTER)), GOLD, 0.6),
        Path(tuple(_box(HEAVY)), GOLD, 1.5),
        Path(tuple(_box(INNER)), GOLD, 0.9),
        Path(tuple(_box(RED)), PALE_RED, 0.6),
        Path(tuple(_emblem()), SEAL_RED, 1.3),
        Path(tuple(_circle(EMBLEM_MIDDLE, 3.3)), GOLD, 0),
    )


@cache
def svg() -> str:
    """The ornament as an SVG of its own; its y axis points down."""
    drawn = []
    for path in paths():
        steps = "".join(
            step.upper() + " ".join(f"{(HIGH - n if at % 2 else n):.1f}" for at, n in enumerate(numbers))
            for step, numbers in path.steps
        )
        paint = f'fill="none" stroke="{path.ink}" stroke-width="{path.thick}"' if path.thick else f'fill="{path.ink}"'
        drawn.append(f'<path d="{steps}" {paint}/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}">{"".join(drawn)}</svg>'


def _box(inset: float) -> Iterator[tuple[str, tuple[float, ...]]]:
    yield "m", (inset, inset)
    yield "l", (WIDE - inset, inset)
    yield "l", (WIDE - inset, HIGH - inset)
    yield "l", (inset, HIGH - inset)
    yield "z", ()


def _bands() -> Iterator[tuple[str, tuple[float, ...]]]:
    """Bundles of sine waves along the four sides, each shifted by a part of its length."""
    ends = CORNER + THICK * 0.72
    for turned, length in ((False, WIDE), (True, HIGH)):
        for middle in (CORNER, (WIDE if turned else HIGH) - CORNER):
            for wave in range(WAVES):
                yield from _sine(ends, length - ends, middle, wave / WAVES, turned)


def _sine(
    start: float, end: float, middle: float, shift: float, turned: bool
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """A sine along x or (turned) along y, in cubic curves of a quarter wave with its own slopes."""
    waves = round((end - start) / WAVE)
    step = (end - start) / (4 * waves)
    turn = math.pi / 2

    def at(along: float, across: float) -> Point:
        return (across, along) if turned else (along, across)

    def value(quarter: int) -> tuple[float, float]:
        """How far across the curve is, and how far its slope leads within a third of the step."""
        angle = turn * quarter + 2 * math.pi * shift
        return middle + THICK / 2 * math.sin(angle), THICK / 2 * math.cos(angle) * turn / 3

    yield "m", at(start, value(0)[0])
    for quarter in range(4 * waves):
        (here, leads), (there, led) = value(quarter), value(quarter + 1)
        x = start + quarter * step
        yield "c", (*at(x + step / 3, here + leads), *at(x + 2 * step / 3, there - led), *at(x + step, there))


def _corners() -> list[Point]:
    return [(x, y) for x in (CORNER, WIDE - CORNER) for y in (CORNER, HIGH - CORNER)]


def _corner(middle: Point) -> Iterator[tuple[str, tuple[float, ...]]]:
    """A rosette of rays between two circles."""
    radius = THICK * 0.66
    yield from _circle(middle, radius)
    for turn in range(48):
        angle = 2 * math.pi * turn / 48
        x, y = math.cos(angle), math.sin(angle)
        yield "m", (middle[0] + x * radius * 0.28, middle[1] + y * radius * 0.28)
        bent = angle + 0.35
        yield "l", (middle[0] + math.cos(bent) * radius, middle[1] + math.sin(bent) * radius)


def _rosette() -> Iterator[tuple[str, tuple[float, ...]]]:
    """Rings of loops around the middle: r = a + b·sin(kφ), each ring turned a little further."""
    for inner, outer, loops, turns in ((48, 187, 24, 3), (30, 134, 18, 3), (20, 72, 12, 2)):
        base, swing = (inner + outer) / 2, (outer - inner) / 2
        for turn in range(turns):
            yield from _closed([
                (base + swing * math.sin(loops * angle / 5 * 2 + turn * 2.1), angle)
                for angle in (2 * math.pi * 5 * n / (TURNS * 5) for n in range(TURNS * 5))
            ])  # fmt: skip


def _closed(polar: list[tuple[float, float]]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """A smooth closed curve through points given as radius and angle."""
    middle = ROSETTE_MIDDLE
    points = [(middle[0] + r * math.cos(a), middle[1] + r * math.sin(a)) for r, a in polar]
    yield "m", points[0]
    many = len(points)
    for n in range(many):
        before, here, after, beyond = points[n - 1], points[n], points[(n + 1) % many], points[(n + 2) % many]
        yield "c", (
            here[0] + (after[0] - before[0]) / 6, here[1] + (after[1] - before[1]) / 6,
            after[0] - (beyond[0] - here[0]) / 6, after[1] - (beyond[1] - here[1]) / 6, *after,
        )  # fmt: skip
    yield "z", ()


def _emblem() -> Iterator[tuple[str, tuple[float, ...]]]:
    """Three tilted orbits."""
    for turn in range(3):
        yield from _ellipse(EMBLEM_MIDDLE, 20.5, 7.2, math.pi * turn / 3)


def _circle(middle: Point, radius: float) -> Iterator[tuple[str, tuple[float, ...]]]:
    yield from _ellipse(middle, radius, radius, 0)


def _ellipse(middle: Point, wide: float, high: float, tilt: float) -> Iterator[tuple[str, tuple[float, ...]]]:
    def at(x: float, y: float) -> Point:
        x, y = x * wide, y * high
        return (
            middle[0] + x * math.cos(tilt) - y * math.sin(tilt), middle[1] + x * math.sin(tilt) + y * math.cos(tilt)
        )  # fmt: skip

    k = 0.5523
    yield "m", at(1, 0)
    for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        yield "c", (*at(x - k * y, y + k * x), *at(-y + k * x, x + k * y), *at(-y, x))
    yield "z", ()
