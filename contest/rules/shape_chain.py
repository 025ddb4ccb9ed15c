"""What a rule file says about the time after the panel, as frozen values: the links of a round's `after`."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contest.rules.numbers import Rounding


@dataclass(frozen=True, slots=True)
class Adjust:
    """Chain step: the values of these kinds act on the score."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """Chain step: a score below `at` becomes `at`."""

    at: Decimal


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Chain step: a score above `at` becomes `at`."""

    at: Decimal


@dataclass(frozen=True, slots=True)
class Times:
    """Chain step: the score is multiplied by a constant."""

    by: Decimal


@dataclass(frozen=True, slots=True)
class Plus:
    """Chain step: a constant is added; a negative one is taken off."""

    add: Decimal


ChainStep = Adjust | Rounding | Floor | Ceiling | Times | Plus
