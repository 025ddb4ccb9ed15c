"""Exact decimal numbers: how they are read, rounded and shown. No float ever comes near a mark."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import (
    ROUND_05UP,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum

# Sixty digits hold every sum and product of the bounded numbers below without loss. A quotient may not fit: it is cut
# with ROUND_05UP, which keeps a following rounding step correct (General Decimal Arithmetic, "rounding for reround").
EXACT = Context(prec=60, rounding=ROUND_05UP, traps=[InvalidOperation, DivisionByZero, Overflow])
# For what is not a fraction of marks (roots, exponentials): far more digits than a rounding step will ever look at.
FINE = Context(prec=130, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_NINETY = Decimal(1).scaleb(-90)
LARGEST = Decimal(10) ** 9
FINEST = Decimal("0.000001")
ZERO = Decimal(0)
ONE = Decimal(1)

_PLAIN = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,6})?", re.ASCII)
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(60))


class RoundingMode(StrEnum):
    """Half away from zero, half to the even digit, towards zero, away from zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
    RoundingMode.UP: ROUND_UP,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """One rounding step: number of decimals (0 to 6) and mode."""

    decimals: int
    mode: RoundingMode

    def apply(self, value: Decimal) -> Decimal:
        """`value` rounded; the result has exactly `decimals` decimals, and a zero no sign."""
        rounded = value.quantize(_QUANTA[self.decimals], rounding=_MODES[self.mode], context=EXACT)
        return rounded if rounded else rounded.copy_abs()


def plain_number(text: str) -> Decimal | None:
    """The number `text` writes in plain digits ("27.50", "-2"), or None: no exponent, no NaN, no blanks, no "+"."""
    if _PLAIN.fullmatch(text) is None:
        return None
    value = Decimal(text)
    if abs(value) > LARGEST:
        return None
    return value if value else abs(value)


def is_bounded(value: Decimal) -> bool:
    """Whether a number of a rule file is finite, at most a thousand million and has at most six decimals."""
    if not value.is_finite() or abs(value) > LARGEST:
        return False
    return value == 0 or (value.adjusted() >= -6 and value % FINEST == 0)


def shown(value: Decimal, places: int) -> Decimal:
    """`value` with at least `places` decimals and no zeros beyond, so that equal numbers are written equally."""
    quantum = _QUANTA[places]
    if not value:
        value = value.copy_abs()
    if value.same_quantum(quantum):
        return value
    written = value.quantize(quantum, context=EXACT)
    if written == value:
        return written
    stripped = value.normalize(EXACT)
    exponent = stripped.as_tuple().exponent
    decimals = max(places, -exponent if isinstance(exponent, int) else 0, 0)
    return value.quantize(_QUANTA[min(decimals, 50)], context=EXACT)


def settled(value: Decimal, rounding: Rounding) -> Decimal:
    """`value`, computed to 130 digits, rounded: what lies within 90 decimals of a rounding boundary lies on it."""
    return rounding.apply(value.quantize(_NINETY, context=FINE))


def mean(values: list[Decimal]) -> Decimal:
    """Arithmetic mean, cut at sixty digits in a way that a rounding step may follow. Raises on an empty list."""
    return EXACT.divide(total(values), Decimal(len(values)))


def median(values: list[Decimal]) -> Decimal:
    """The middle value, or the mean of the two middle ones."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1:half + 1])


def total(values: list[Decimal]) -> Decimal:
    """Exact sum: marks are bounded, so even the 28 digits of Python's own context hold it."""
    return sum(values, ZERO)
