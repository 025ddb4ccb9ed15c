"""What a rule file says about the time after the panel, as frozen values: the links of a round's `after`."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

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


class ScaleScope(StrEnum):
    """Whose best is meant: that of the whole round, or of the entry's division."""

    ROUND = "round"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Scale:
    """Chain step: the score as a share of the best of the field, times `to`; a lower best the other way round."""

    to: Decimal
    scope: ScaleScope
    higher_wins: bool
    rounding: Rounding


ChainStep = Adjust | Rounding | Floor | Ceiling | Times | Plus | Scale


def last_rounding(links: Sequence[ChainStep]) -> Rounding | None:
    """The last rounding of a chain, that of a scaling included; None where nothing is rounded."""
    found = [link.rounding if isinstance(link, Scale) else link for link in links if isinstance(link, Rounding | Scale)]
    return found[-1] if found else None
